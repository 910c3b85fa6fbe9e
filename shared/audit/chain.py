"""The audit chain: one entry per transaction, each holding the hash of the one before it.

An entry says who did what in which request, by ids and keyed digests, never by values. Its hash is
SHA-256 over the canonical JSON of all its columns, the number and the previous hash among them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from shared.audit.tables import AuditTables
from shared.audit.words import AuditLine
from shared.crypto.canonical import canonical
from shared.errors import Unavailable

GENESIS = "0" * 64
"""The hash that the first entry has before it."""

FORMAT = "trustlane-audit-1"
TAIL_ID = 1

LOCK_TIMEOUT = "2s"
"""The tail is held for a few milliseconds; who waits longer than this has met a stuck writer."""

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's SQLSTATE when ``lock_timeout`` ran out."""


class AuditBusy(Unavailable):
    """Another writer holds the audit's tail for too long; try the transaction again."""

    code = "audit_busy"


def append(
    connection: Connection,
    tables: AuditTables,
    *,
    lines: Sequence[AuditLine],
    actor: str,
    request_id: str,
    at: datetime,
) -> int:
    """Add one entry, move the tail and return the entry's number; the last thing before a commit.

    On PostgreSQL the tail's row is locked from here to the commit and ``Unavailable`` is raised
    after 2 s of waiting; on SQLite the transaction is the only writer already.
    """
    number, previous = _lock_tail(connection, tables)
    row = {
        "number": number + 1,
        "at": at.astimezone(UTC),
        "actor": actor,
        "request_id": request_id,
        "lines": canonical([_without_empty(line) for line in lines]).decode(),
        "previous": previous,
    }
    row["hash"] = entry_hash(row)
    connection.execute(insert(tables.entries).values(row))
    moved = {"number": row["number"], "hash": row["hash"]}
    connection.execute(update(tables.tail).where(tables.tail.c.id == TAIL_ID).values(moved))
    return number + 1


def entry_hash(row: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of an entry from its columns; ``hash`` itself is left out."""
    return hashlib.sha256(
        canonical(
            {
                "format": FORMAT,
                "number": row["number"],
                "at": instant(row["at"]),
                "actor": row["actor"],
                "request_id": row["request_id"],
                "lines": row["lines"],
                "previous": row["previous"],
            }
        )
    ).hexdigest()


def instant(at: datetime) -> str:
    """Return an instant in the one form that is hashed; SQLite hands out UTC without saying so."""
    known = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return known.isoformat(timespec="microseconds")


def _without_empty(line: AuditLine) -> dict[str, str]:
    return {key: value for key, value in asdict(line).items() if value is not None}


def _lock_tail(connection: Connection, tables: AuditTables) -> tuple[int, str]:
    """Lock the tail for this transaction and return its number and hash."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    query = (
        select(tables.tail.c.number, tables.tail.c.hash)
        .where(tables.tail.c.id == TAIL_ID)
        .with_for_update()
    )
    try:
        row = connection.execute(query).one_or_none()
        if row is None:
            _start(connection, tables)
            row = connection.execute(query).one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise AuditBusy("The audit's tail was held by another writer for 2 s") from error
        raise
    return row.number, row.hash


def _start(connection: Connection, tables: AuditTables) -> None:
    """Begin the chain; another writer may be doing the same."""
    first = {"id": TAIL_ID, "number": 0, "hash": GENESIS}
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(tables.tail).values(first).on_conflict_do_nothing())
    else:
        connection.execute(sqlite.insert(tables.tail).values(first).on_conflict_do_nothing())
