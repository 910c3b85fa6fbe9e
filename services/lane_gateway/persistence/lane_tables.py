"""One lane's file: every input, decision and command, and what goes out of it."""

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, text

from shared.audit.tables import add_audit
from shared.persistence.instants import Instant
from shared.persistence.mailboxes import add_outbox

metadata = MetaData()
outbox, sequences = add_outbox(metadata)
audit = add_audit(metadata)

entries = Table(
    "entries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("passage_id", String(36)),
    Column("at", Instant, nullable=False),
    Column("monotonic", Float, nullable=False),
    Column("device_time", Instant),
    Column("body", Text, nullable=False, comment="JSON; plates and officers' words are sealed"),
    sqlite_autoincrement=True,
)
Index("entries_by_kind", entries.c.kind, entries.c.number)
HOLDS_SEALED = """instr(body, '"sealed:') > 0"""
"""An entry with something sealed; SQLite uses the index for exactly these words."""
Index("entries_with_sealed", entries.c.at, sqlite_where=text(HOLDS_SEALED))
HOLDS_CHALLENGE = """instr(body, '"challenge":"sealed:') > 0"""
"""A challenge to a chip that was not forgotten yet; again for exactly these words."""
Index("entries_with_challenge", entries.c.at, sqlite_where=text(HOLDS_CHALLENGE))
Index("entries_by_passage", entries.c.passage_id, sqlite_where=entries.c.passage_id.is_not(None))

live = Table(
    "live",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("sealed", Text, nullable=False, comment="the newest picture of the lane, sealed"),
)
