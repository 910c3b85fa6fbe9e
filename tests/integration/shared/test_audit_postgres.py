"""The audit chain on PostgreSQL: writers queue up at the tail, and no one waits for ever."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from time import monotonic

import pytest
from sqlalchemy import Connection, Engine, MetaData, create_engine, select, text

from shared.audit.chain import AuditBusy, append
from shared.audit.tables import AuditTables, add_audit
from shared.audit.verify import verify_chain
from shared.audit.words import AuditLine
from shared.errors import Unavailable
from tests.conftest import DatabaseUrl

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Chain:
    engine: Engine
    tables: AuditTables

    def enter(self, connection: Connection, actor: str = "staff:olga") -> int:
        return append(
            connection,
            self.tables,
            lines=[AuditLine(event="file_opened", subject="p1")],
            actor=actor,
            request_id="r1",
            at=NOON,
        )

    def findings(self) -> list[object]:
        with self.engine.connect() as connection:
            return list(verify_chain(connection, self.tables, public_keys={}).findings)

    @contextmanager
    def holding_the_tail(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            self.enter(connection)
            yield connection
            connection.rollback()


@pytest.fixture
def chain(database_url: DatabaseUrl) -> Iterator[Chain]:
    metadata = MetaData()
    tables = add_audit(metadata)
    engine = create_engine(database_url("audit"))  # without our own engine's lock_timeout
    metadata.create_all(engine)
    yield Chain(engine=engine, tables=tables)
    engine.dispose()


def test_two_writers_at_once_make_one_unbroken_chain(chain: Chain) -> None:
    ready = Barrier(2)

    def write(actor: str) -> list[int]:
        ready.wait(timeout=10)
        numbers = []
        for _ in range(25):
            with chain.engine.begin() as connection:
                numbers.append(chain.enter(connection, actor))
        return numbers

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(write, ("staff:olga", "staff:pablo"))
    assert sorted(first + second) == list(range(1, 51))
    assert chain.findings() == []


def test_two_first_writers_begin_one_chain(chain: Chain) -> None:
    ready = Barrier(4)

    def write(_: int) -> int:
        ready.wait(timeout=10)
        with chain.engine.begin() as connection:
            return chain.enter(connection)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [1, 2, 3, 4]
    assert chain.findings() == []


def test_the_tail_is_locked_until_the_commit(chain: Chain) -> None:
    with chain.engine.begin() as connection:
        chain.enter(connection)
    query = select(chain.tables.tail).with_for_update(skip_locked=True)
    with chain.holding_the_tail(), chain.engine.connect() as other:
        assert other.execute(query).all() == []
    with chain.engine.connect() as other:
        assert len(other.execute(query).all()) == 1


def test_a_writer_gives_up_after_two_seconds_as_unavailable(chain: Chain) -> None:
    with chain.engine.begin() as connection:
        chain.enter(connection)
    with chain.holding_the_tail(), chain.engine.connect() as other:
        began = monotonic()
        with pytest.raises(Unavailable) as caught:
            chain.enter(other)
        assert 1.9 <= monotonic() - began < 4
    assert isinstance(caught.value, AuditBusy)
    with chain.engine.begin() as connection:
        assert chain.enter(connection) == 2
    assert chain.findings() == []


def test_the_short_patience_ends_with_the_transaction(chain: Chain) -> None:
    with chain.engine.connect() as connection:
        chain.enter(connection)
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "2s"
        connection.commit()
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_times_come_back_as_they_were_hashed_whatever_the_session_s_zone(chain: Chain) -> None:
    with chain.engine.begin() as connection:
        chain.enter(connection)
    with chain.engine.connect() as connection:
        connection.execute(text("SET TIME ZONE 'America/Los_Angeles'"))
        report = verify_chain(connection, chain.tables, public_keys={})
    assert (report.entries, report.verified) == (1, True)
