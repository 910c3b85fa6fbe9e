"""Whatever single thing somebody changes in a chain, verification finds it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from tests.unit.shared.audit.chains import Chain, chain_in

ENTRIES = 6
WORDS = ("actor", "request_id", "lines", "previous", "hash")


@pytest.fixture(scope="module")
def whole() -> Iterator[Chain]:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        with chain_in(Path(folder)) as chain:
            chain.enter(ENTRIES)
            yield chain


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(1, ENTRIES),
    column=st.sampled_from(WORDS),
    at=st.integers(0, 200),
    sign=st.characters(codec="ascii", categories=["L", "N", "P"]),
)
def test_a_changed_letter_in_any_column_of_any_entry_is_found(
    whole: Chain, number: int, column: str, at: int, sign: str
) -> None:
    entries = whole.tables.entries
    mine = entries.c.number == number
    with whole.engine.begin() as connection:
        before = connection.execute(select(entries).where(mine)).mappings().one()
        text = before[column]
        after = text[: at % len(text)] + sign + text[at % len(text) + 1 :]
        connection.execute(update(entries).where(mine).values({column: after}))
    found = whole.found()
    with whole.engine.begin() as connection:
        connection.execute(update(entries).where(mine).values(dict(before)))
    assert bool(found) == (after != text)
    assert whole.verify().verified


@settings(max_examples=30, deadline=None)
@given(lost=st.sets(st.integers(1, ENTRIES), min_size=1))
def test_any_entries_that_are_taken_out_are_found(whole: Chain, lost: set[int]) -> None:
    entries = whole.tables.entries
    mine = entries.c.number.in_(lost)
    with whole.engine.begin() as connection:
        before = [dict(row) for row in connection.execute(select(entries).where(mine)).mappings()]
        connection.execute(delete(entries).where(mine))
    found = whole.found()
    with whole.engine.begin() as connection:
        connection.execute(insert(entries), before)
    assert {kind for kind, _ in found} <= {"deleted", "cut_off"}
    assert min(number for _, number in found) == min(lost)
    assert whole.verify().verified
