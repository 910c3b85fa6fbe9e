"""A chain in memory for the tests of this folder, and what a stranger with SQL does to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, delete, select, text

from shared.audit.chain import append
from shared.audit.checkpoint import Checkpoint, sign_checkpoint
from shared.audit.findings import Report
from shared.audit.tables import AuditTables, add_audit
from shared.audit.verify import verify_chain
from shared.audit.words import AuditLine
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys

CHAIN = "enrollment"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Chain:
    engine: Engine
    tables: AuditTables
    ring: FolderKeyRing

    def enter(self, count: int = 1, actor: str = "staff:olga") -> None:
        for _ in range(count):
            with self.engine.begin() as connection:
                append(
                    connection,
                    self.tables,
                    lines=[AuditLine(event="file_opened", subject="p1", purpose="interview")],
                    actor=actor,
                    request_id="r1",
                    at=NOON + timedelta(milliseconds=1),
                )

    def checkpoint(self) -> Checkpoint:
        with self.engine.begin() as connection:
            made = sign_checkpoint(connection, self.tables, self.ring, CHAIN, at=NOON)
        assert made is not None
        return made

    def verify(self, *witnesses: Checkpoint) -> Report:
        trusted = public_keys(self.ring, "audit-signing")
        with self.engine.connect() as connection:
            return verify_chain(connection, self.tables, public_keys=trusted, witnesses=witnesses)

    def found(self, *witnesses: Checkpoint) -> Sequence[tuple[str, int]]:
        return [(item.kind.value, item.number) for item in self.verify(*witnesses).findings]

    def tamper(self, *statements: str, **values: object) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                assert connection.execute(text(statement), values).rowcount

    def hashes(self) -> Sequence[str]:
        query = select(self.tables.entries.c.hash).order_by(self.tables.entries.c.number)
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def rewrite(self, count: int) -> None:
        """Do what somebody with all rights would: make another history that is right in itself."""
        with self.engine.begin() as connection:
            self._forget_all(connection)
        self.enter(count, actor="staff:nobody")

    def _forget_all(self, connection: Connection) -> None:
        for table in (self.tables.entries, self.tables.tail, self.tables.checkpoints):
            connection.execute(delete(table))


@contextmanager
def chain_in(folder: Path) -> Iterator[Chain]:
    metadata = MetaData()
    tables = add_audit(metadata)
    ring = FolderKeyRing(folder / "keys")
    ring.ensure(["audit-signing"])
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    try:
        yield Chain(engine=engine, tables=tables, ring=ring)
    finally:
        engine.dispose()
