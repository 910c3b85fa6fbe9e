"""One entry per transaction, each holding the hash of the one before it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from shared.audit.chain import GENESIS, append, entry_hash
from shared.audit.words import AuditLine
from shared.crypto.sealing import Sealer
from tests.unit.shared.audit.chains import NOON, Chain
from tests.unit.shared.crypto.rings import WrappedInMemory, ring_with

OLGA = UUID("6f8a4a52-0000-4000-8000-000000000001")


def test_entries_are_numbered_from_one_and_linked(chain: Chain) -> None:
    chain.enter(3)
    with chain.engine.connect() as connection:
        rows = connection.execute(select(chain.tables.entries)).mappings().all()
        tail = connection.execute(select(chain.tables.tail)).mappings().one()
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert [row["previous"] for row in rows] == [GENESIS, *[row["hash"] for row in rows[:2]]]
    assert (tail["number"], tail["hash"]) == (3, rows[-1]["hash"])
    assert all(entry_hash(row) == row["hash"] for row in rows)


def test_append_returns_the_number_of_the_entry(chain: Chain) -> None:
    lines = [AuditLine(event="e", subject="s")]
    with chain.engine.begin() as connection:
        numbers = [
            append(connection, chain.tables, lines=lines, actor="a", request_id="r", at=NOON)
            for _ in range(2)
        ]
    assert numbers == [1, 2]


def test_a_transaction_that_is_rolled_back_leaves_no_trace(chain: Chain) -> None:
    chain.enter()
    with chain.engine.connect() as connection:
        append(connection, chain.tables, lines=[], actor="a", request_id="r", at=NOON)
        connection.rollback()
    assert chain.verify().verified
    chain.enter()
    assert (chain.verify().entries, chain.found()) == (2, [])


def test_an_entry_lists_all_events_of_its_transaction_without_empty_fields(chain: Chain) -> None:
    lines = [
        AuditLine(event="case_decided", subject="c1", digest="ab"),
        AuditLine(event="file_opened", subject="p1", purpose="interview"),
    ]
    with chain.engine.begin() as connection:
        append(connection, chain.tables, lines=lines, actor="a", request_id="r", at=NOON)
        kept = connection.execute(select(chain.tables.entries.c.lines)).scalar_one()
    assert json.loads(kept) == [
        {"event": "case_decided", "subject": "c1", "digest": "ab"},
        {"event": "file_opened", "subject": "p1", "purpose": "interview"},
    ]


def test_the_hash_does_not_depend_on_the_zone_in_which_a_time_is_told() -> None:
    row = {"number": 1, "actor": "a", "request_id": "r", "lines": "[]", "previous": GENESIS}
    there = NOON.astimezone(timezone(timedelta(hours=-8)))
    told = {entry_hash({**row, "at": at}) for at in (NOON, there, NOON.replace(tzinfo=None))}
    assert len(told) == 1
    assert entry_hash({**row, "at": NOON + timedelta(microseconds=1)}) not in told


def test_the_chain_stays_verifiable_after_a_person_was_erased(chain: Chain, tmp_path: Path) -> None:
    keys = WrappedInMemory()
    sealer = Sealer(ring_with(tmp_path / "service", "kek"), keys)
    line = AuditLine(event="address_changed", subject="p1", digest=sealer.digest(OLGA, b"Main St"))
    with chain.engine.begin() as connection:
        append(
            connection,
            chain.tables,
            lines=[line],
            actor="a",
            request_id="r",
            at=datetime(2026, 11, 2, tzinfo=UTC),
        )
    sealer.erase(OLGA)
    assert not keys.rows
    assert chain.verify().verified
    assert len(line.digest or "") == 64
