"""The tables every service has beside its own: what goes out, what came in, what waits, and keys.

They are the same on PostgreSQL (enrollment, vetting) and SQLite (a site), and hold no readable
personal data: bodies are sealed by their sender (outbox) or under a data key (postponed, dead).
"""

from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from shared.persistence.instants import Instant

Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows by INTEGER alone


@dataclass(frozen=True, kw_only=True)
class Mailboxes:
    """The tables, by what they are for."""

    outbox: Table
    sequences: Table
    inbox: Table
    positions: Table
    postponed: Table
    dead_letters: Table
    idempotency: Table
    data_keys: Table


def add_mailboxes(metadata: MetaData) -> Mailboxes:
    """Add the tables to a service's schema."""
    return Mailboxes(
        outbox=_outbox(metadata),
        sequences=Table(
            "sequences",
            metadata,
            Column("subject", String(80), primary_key=True),
            Column("last", Number, nullable=False),
        ),
        inbox=_inbox(metadata),
        positions=Table(
            "positions",
            metadata,
            Column("source", String(80), primary_key=True),
            Column("subject", String(80), primary_key=True),
            Column("last", Number, nullable=False),
        ),
        postponed=_postponed(metadata),
        dead_letters=_dead_letters(metadata),
        idempotency=Table(
            "idempotency",
            metadata,
            Column("actor", String(120), primary_key=True),
            Column("key", String(120), primary_key=True),
            Column("fingerprint", String(64), nullable=False),
            Column("result", String(200)),
            Column("at", Instant, nullable=False),
        ),
        data_keys=Table(
            "data_keys",
            metadata,
            Column("owner", Uuid, primary_key=True),
            Column("wrapped", LargeBinary, nullable=False),
        ),
    )


def add_outbox(metadata: MetaData) -> tuple[Table, Table]:
    """Add only the outgoing side (outbox, sequences), for a site's files that never receive."""
    sequences = Table(
        "sequences",
        metadata,
        Column("subject", String(80), primary_key=True),
        Column("last", Number, nullable=False),
    )
    return _outbox(metadata), sequences


def _outbox(metadata: MetaData) -> Table:
    table = Table(
        "outbox",
        metadata,
        Column("number", Number, primary_key=True, autoincrement=True),
        Column("id", Uuid, nullable=False, unique=True),
        Column("type", String(100), nullable=False),
        Column("subject", String(80), nullable=False),
        Column("sequence", Number),
        Column("version", Number),
        Column("site", String(12)),
        Column("request_id", String(80), nullable=False),
        Column("at", Instant, nullable=False),
        Column("body", JSON),
        Column("person", Uuid),
        Column("due_at", Instant),
        Column("published_at", Instant),
        sqlite_autoincrement=True,
    )
    unpublished = table.c.published_at.is_(None)
    Index(
        "outbox_unpublished",
        table.c.number,
        postgresql_where=unpublished,
        sqlite_where=unpublished,
    )
    return table


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("at", Instant, nullable=False),
    )


def _letter_columns() -> list[Column[object]]:
    return [
        Column("source", String(80)),
        Column("subject", String(80)),
        Column("sequence", Number),
        Column("type", String(100)),
        Column("routing_key", String(200), nullable=False),
        Column("headers", JSON, nullable=False),
        Column("owner", Uuid, nullable=False),
        Column("body", LargeBinary, nullable=False),
    ]


def _postponed(metadata: MetaData) -> Table:
    table = Table(
        "postponed",
        metadata,
        Column("message_id", Uuid, primary_key=True),
        Column("due_at", Instant, nullable=False, index=True),
        Column("tries", Integer, nullable=False),
        Column("waits", Integer, nullable=False),
        Column("error", Text, nullable=False),
        *_letter_columns(),
    )
    Index("postponed_turn", table.c.source, table.c.subject, table.c.sequence)
    return table


def _dead_letters(metadata: MetaData) -> Table:
    return Table(
        "dead_letters",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("message_id", Uuid, index=True),
        Column("code", String(60), nullable=False),
        Column("error", Text, nullable=False),
        Column("at", Instant, nullable=False),
        Column("dropped_at", Instant),
        Column("drop_reason", Text),
        *_letter_columns(),
    )
