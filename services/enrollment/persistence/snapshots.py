"""Snapshots of the credential list: finished, signed SQLite files for a site's first start.

``<number>.db`` has the tables of ``shared/contracts/credential_snapshot.sql``; ``<number>.json`` is
the signed statement beside it, written last, so that a file without one is not finished.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, select

from services.enrollment.persistence import tables
from services.enrollment.use_cases.reading import SnapshotFile
from shared.clock import Clock
from shared.crypto.canonical import canonical
from shared.crypto.feed import FeedMark, file_sha256, sign_snapshot
from shared.crypto.keyring import KeyRing
from shared.persistence.database_errors import named_errors

KEPT = 3
BATCH = 5_000
_PUT = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, kw_only=True)
class SnapshotFolder:
    """The folder that holds the newest snapshots."""

    folder: Path

    def newest(self) -> SnapshotFile | None:
        """Return the newest one, if there is one."""
        return next(self._finished(), None)

    def named(self, sha256: str) -> SnapshotFile | None:
        """Return the one with this digest, if it is still kept."""
        return next((s for s in self._finished() if s.statement["sha256"] == sha256), None)

    def tidy(self) -> None:
        """Delete all but the newest few."""
        for old in list(self._finished())[KEPT:]:
            old.path.with_suffix(".json").unlink(missing_ok=True)
            old.path.unlink(missing_ok=True)

    def _finished(self) -> Iterator[SnapshotFile]:
        found = [path for path in self.folder.glob("*.json") if path.stem.isdecimal()]
        for path in sorted(found, key=lambda p: int(p.stem), reverse=True):
            try:
                statement = json.loads(path.read_bytes())
            except FileNotFoundError:
                continue  # tidied away by the worker meanwhile
            yield SnapshotFile(statement=statement, path=path.with_suffix(".db"))


@dataclass(frozen=True, kw_only=True)
class WriteSnapshot:
    """Write where the list stands now, in one consistent read, and sign it."""

    engine: Engine
    ring: KeyRing
    folder: SnapshotFolder
    clock: Clock

    def __call__(self) -> SnapshotFile:
        """Write, sign and return the snapshot; older ones are deleted."""
        self.folder.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder.folder / "next.part"
        unfinished.unlink(missing_ok=True)
        with named_errors(), self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                tail = connection.execute(select(tables.feed_tail)).one()
                mark = FeedMark(number=tail.number, hash=tail.hash)
                _write(connection, unfinished, mark)
        path = self.folder.folder / f"{mark.number}.db"
        unfinished.replace(path)
        statement = sign_snapshot(self.ring, mark, sha256=file_sha256(path), now=self.clock())
        unfinished.write_bytes(canonical(statement))
        unfinished.replace(path.with_suffix(".json"))
        self.folder.tidy()
        return SnapshotFile(statement=statement, path=path)

    def if_stale(self, *, entries: int) -> SnapshotFile | None:
        """Write one if there is none, or if the feed is that many entries ahead of the newest."""
        newest = self.folder.newest()
        with named_errors(), self.engine.connect() as connection:
            number = connection.scalar(select(tables.feed_tail.c.number)) or 0
        if newest is not None and number - int(newest.statement["number"]) < entries:
            return None
        return self()


def _write(connection: Connection, path: Path, mark: FeedMark) -> None:
    schema = resources.files("shared.contracts").joinpath("credential_snapshot.sql").read_text()
    rows = tables.credentials.c
    statement = select(rows.entry).order_by(rows.epc).execution_options(yield_per=BATCH)
    file = sqlite.connect(path, isolation_level=None)
    try:
        file.execute("PRAGMA journal_mode=DELETE")
        file.executescript(schema)
        file.execute("BEGIN")
        for (entry,) in connection.execute(statement):
            file.execute(_PUT, _columns(json.loads(entry)))
        file.execute("INSERT INTO meta VALUES (1, ?, ?)", (mark.number, mark.hash))
        file.execute("COMMIT")
    finally:
        file.close()


def _columns(entry: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        bytes.fromhex(entry["epc"]),
        entry["credential_id"],
        bytes.fromhex(entry["tid_digest"]),
        entry["status"],
        ",".join(entry["programs"]),
        entry["age_band"],
        entry["valid_until"],
        entry["grace_until"],
        entry["list_age_limit_s"],
        bytes.fromhex("".join(entry["plates"])),
        entry["position"],
    )
