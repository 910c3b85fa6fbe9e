"""Every check that needs no server of ours: ``make check``. All run, also after one has failed."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.local.paths import ROOT

PROGRAMS = Path(sys.executable).parent
SOURCES = ("conftest.py", "services", "shared", "tests", "deploy", "benchmarks")
AT_ONCE = 2
"""The checks are made for two cores."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One program of the virtual environment and what it is given."""

    name: str
    command: Sequence[str]


CHECKS = (
    Check(name="types", command=["mypy"]),
    Check(name="lint", command=["ruff", "check", *SOURCES]),
    Check(name="format", command=["ruff", "format", "--check", *SOURCES]),
    Check(name="layers", command=["lint-imports"]),
    Check(
        name="compose file",
        command=[
            *("check-jsonschema", "--builtin-schema", "vendor.compose-spec"),
            "docker-compose.yml",
        ],
    ),
    Check(name="dockerfile", command=["hadolint", "deploy/Dockerfile"]),
    Check(name="fast tests and guards", command=["pytest", "-q", "tests/unit", "tests/guards"]),
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a check ended."""

    check: Check
    status: int
    output: str
    seconds: float


def run(check: Check) -> Outcome:
    """Run one check to its end."""
    program, *arguments = check.command
    start = time.monotonic()
    done = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - start
    return Outcome(check=check, status=done.returncode, output=done.stdout, seconds=seconds)


def main() -> int:
    """Run all checks, print what failed and the tests' closing line, return the exit status."""
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in pool.map(run, CHECKS):
            word = "FAILED" if outcome.status else "ok"
            print(f"{outcome.check.name:24}{word:8}{outcome.seconds:6.1f} s", flush=True)
            if outcome.status:
                failed.append(outcome.check.name)
                print(outcome.output, flush=True)
            elif outcome.check.command[0] == "pytest":
                print(outcome.output.splitlines()[-1], flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
