"""The audit as people read it: who did what to whom, the newest entries first.

Reading proves nothing; ``verify`` does. Only ids and digests are in the entries, so the pages that
show them add names from their own tables, for those who may see them.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from shared.audit.tables import AuditTables
from shared.audit.words import AuditEntry, AuditLine, Sought

PAGE = 100


def read_entries(
    connection: Connection, tables: AuditTables, sought: Sought, *, limit: int = PAGE
) -> Sequence[AuditEntry]:
    """Return the entries that fit, the newest first; ``until`` is exclusive."""
    entries = tables.entries
    query = select(entries).where(*_conditions(tables, sought))
    found = connection.execute(query.order_by(entries.c.number.desc()).limit(limit)).mappings()
    return [_entry(row) for row in found]


def _conditions(tables: AuditTables, sought: Sought) -> Sequence[ColumnElement[bool]]:
    column = tables.entries.c
    wanted: list[ColumnElement[bool]] = []
    if sought.actor is not None:
        wanted.append(column.actor == sought.actor)
    for field in ("event", "subject"):
        value = getattr(sought, field)
        if value is not None:
            written = json.dumps({field: value}, separators=(",", ":"), ensure_ascii=False)[1:-1]
            wanted.append(column.lines.contains(written, autoescape=True))
    if sought.since is not None:
        wanted.append(column.at >= sought.since.astimezone(UTC))
    if sought.until is not None:
        wanted.append(column.at < sought.until.astimezone(UTC))
    if sought.before is not None:
        wanted.append(column.number < sought.before)
    return wanted


def _entry(row: RowMapping) -> AuditEntry:
    at: datetime = row["at"]
    return AuditEntry(
        number=row["number"],
        at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        actor=row["actor"],
        request_id=row["request_id"],
        lines=[AuditLine(**line) for line in json.loads(row["lines"])],
    )
