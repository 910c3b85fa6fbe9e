"""The worker's own file: mailboxes, the newest head, the current generation, what went out."""

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, String, Table, Text

from shared.audit.tables import add_audit
from shared.persistence.instants import Instant
from shared.persistence.mailboxes import add_mailboxes

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)

site_state = Table(
    "site_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),
    Column("head_position", Integer, nullable=False),
    Column("head_at", Instant),
    Column("head_arrived_at", Instant),
    Column("head_monotonic", Float),
    Column("head_boot_id", String(40)),
    comment="one row; readers take the current list and the age of the newest head from it",
)

roster = Table(
    "roster",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("statement", Text, nullable=False),
    comment="one row: the newest roster of the site as headquarters signed it, in JSON",
)

carried = Table(
    "carried",
    metadata,
    Column("file", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    comment="per file, the last outbox row that the broker confirmed",
)
