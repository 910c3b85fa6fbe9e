"""Watches that every demand of a landed issue has a test that ran and passed.

It judges full runs only: whoever picks tests by hand is not asked for the others.
"""

from collections.abc import Collection, Generator, Iterator, Mapping

import pytest

from tests.demands import FAULTS, RULES, STATEMENTS, wanted

KINDS: Mapping[str, Collection[int | str]] = {
    "statement": set(STATEMENTS),
    "rule": set(RULES),
    "fault": set(FAULTS),
}


class Demands:
    """What this run has shown."""

    def __init__(self) -> None:
        self.shown: set[tuple[str, int | str]] = set()
        self.failures: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse a mark whose number is none of ours."""
        for item in items:
            for kind, number in marks_of(item):
                if number not in KINDS[kind]:
                    raise pytest.UsageError(f"{item.nodeid}: there is no {kind} {number}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note which demands a passed test has shown."""
        report = yield
        if call.when == "call" and report.passed:
            self.shown |= set(marks_of(item))
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail a full run that left a demand of a landed issue unshown."""
        if exitstatus != pytest.ExitCode.OK or not is_full(session.config):
            return
        missing = sorted(wanted() - self.shown, key=str)
        if missing:
            self.failures = [f"no passed test shows {kind} {number}" for kind, number in missing]
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is missing."""
        for line in self.failures:
            terminalreporter.write_line(line, red=True)


def marks_of(item: pytest.Item) -> Iterator[tuple[str, int | str]]:
    """Yield the demands that a test is marked with."""
    for kind in KINDS:
        for mark in item.iter_markers(kind):
            for number in mark.args:
                yield kind, number


def is_full(config: pytest.Config) -> bool:
    """Tell whether every test was asked for."""
    chosen = config.getoption("keyword") or config.getoption("markexpr")
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch."""
    config.pluginmanager.register(Demands(), "trustlane-demands")
