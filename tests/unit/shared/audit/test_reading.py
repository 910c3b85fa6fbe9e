"""The audit is read by actor, event, subject and time, the newest first and page by page."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.audit.chain import append
from shared.audit.reading import read_entries
from shared.audit.words import AuditEntry, AuditLine, Sought
from tests.unit.shared.audit.chains import NOON, Chain

OPENED = AuditLine(event="file_opened", subject="p1", purpose="interview")
DECIDED = AuditLine(event="case_decided", subject="c1", digest="ab")


@pytest.fixture
def three(chain: Chain) -> Chain:
    entries = [
        ("staff:olga", [OPENED]),
        ("staff:olga", [DECIDED, AuditLine(event="file_opened", subject="p2")]),
        ("staff:otto", [AuditLine(event="fileXopened", subject="p1%")]),
    ]
    for hours, (actor, lines) in enumerate(entries):
        with chain.engine.begin() as connection:
            append(
                connection,
                chain.tables,
                lines=lines,
                actor=actor,
                request_id="r1",
                at=NOON + timedelta(hours=hours),
            )
    return chain


def read(chain: Chain, sought: Sought, limit: int = 100) -> Sequence[AuditEntry]:
    with chain.engine.connect() as connection:
        return read_entries(connection, chain.tables, sought, limit=limit)


@pytest.mark.parametrize(
    ("sought", "numbers"),
    [
        (Sought(), [3, 2, 1]),
        (Sought(actor="staff:olga"), [2, 1]),
        (Sought(event="file_opened"), [2, 1]),
        (Sought(subject="p1"), [1]),
        (Sought(subject="p1%"), [3]),
        (Sought(event="file_opened", subject="p2", actor="staff:olga"), [2]),
        (Sought(since=NOON + timedelta(hours=1)), [3, 2]),
        (Sought(until=NOON + timedelta(hours=1)), [1]),
        (Sought(before=3), [2, 1]),
        (Sought(subject='p1","event":"x'), []),
    ],
)
def test_entries_that_fit_are_shown(three: Chain, sought: Sought, numbers: list[int]) -> None:
    assert [entry.number for entry in read(three, sought)] == numbers


def test_a_page_ends_at_its_limit(three: Chain) -> None:
    assert [entry.number for entry in read(three, Sought(), limit=2)] == [3, 2]


def test_an_entry_comes_back_as_it_was_written(three: Chain) -> None:
    entry = read(three, Sought(subject="c1"))[0]
    assert entry.lines[0] == DECIDED
    assert (entry.at, entry.actor) == (NOON + timedelta(hours=1), "staff:olga")
