"""What was last forgotten of each kind of record, for the admin's page."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    case,
    func,
    select,
)
from sqlalchemy.dialects import postgresql

from shared.persistence.instants import Instant
from shared.retention import RetentionRun


def add_retention_runs(metadata: MetaData) -> Table:
    """Add the table to a service's schema."""
    return Table(
        "retention_runs",
        metadata,
        Column("kind", String(40), primary_key=True),
        Column("ran_at", Instant, nullable=False),
        Column("rows", Integer, nullable=False),
        Column("touched_at", Instant),
        Column("total", BigInteger, nullable=False),
    )


def note_run(connection: Connection, runs: Table, kind: str, *, rows: int, at: datetime) -> None:
    """Count ``rows`` to the run that began at ``at``: a long one has several transactions."""
    new = postgresql.insert(runs).values(
        kind=kind, ran_at=at, rows=rows, touched_at=at if rows else None, total=rows
    )
    added = new.excluded
    change = {
        "ran_at": added.ran_at,
        "rows": case((runs.c.ran_at == added.ran_at, runs.c.rows), else_=0) + added.rows,
        "touched_at": func.coalesce(added.touched_at, runs.c.touched_at),
        "total": runs.c.total + added.total,
    }
    connection.execute(new.on_conflict_do_update(index_elements=["kind"], set_=change))


def read_runs(connection: Connection, runs: Table) -> Sequence[RetentionRun]:
    """Return the newest run of each kind."""
    rows = connection.execute(select(runs).order_by(runs.c.kind)).mappings()
    return [RetentionRun(**row) for row in rows]
