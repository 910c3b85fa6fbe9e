"""The kernel's tables as the first migration of every database makes them; frozen.

A later change of a kernel table is a new function beside these, called by a new migration in each
service, so that every database has moved through the same steps.
"""

import sqlalchemy as sa
from alembic import op

_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def create_mailboxes() -> None:
    """Make outbox, inbox, letters, request keys and data keys."""
    create_outbox()
    op.create_table(
        "inbox",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", _instant(), nullable=False),
    )
    op.create_table(
        "positions",
        sa.Column("source", sa.String(80), primary_key=True),
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("last", _number, nullable=False),
    )
    _create_letters()
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.String(120), primary_key=True),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("result", sa.String(200)),
        sa.Column("at", _instant(), nullable=False),
    )
    op.create_table(
        "data_keys",
        sa.Column("owner", sa.Uuid, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )


def drop_mailboxes() -> None:
    """Remove what ``create_mailboxes`` made."""
    for table in ("data_keys", "idempotency", "dead_letters", "postponed", "positions", "inbox"):
        op.drop_table(table)
    drop_outbox()


def create_outbox() -> None:
    """Make only the outgoing side."""
    op.create_table(
        "outbox",
        sa.Column("number", _number, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("sequence", _number),
        sa.Column("version", _number),
        sa.Column("site", sa.String(12)),
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("body", sa.JSON),
        sa.Column("person", sa.Uuid),
        sa.Column("due_at", _instant()),
        sa.Column("published_at", _instant()),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("published_at IS NULL")
    op.create_index(
        "outbox_unpublished", "outbox", ["number"], postgresql_where=waiting, sqlite_where=waiting
    )
    op.create_table(
        "sequences",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("last", _number, nullable=False),
    )


def drop_outbox() -> None:
    """Remove what ``create_outbox`` made."""
    op.drop_table("sequences")
    op.drop_table("outbox")


def create_audit() -> None:
    """Make the audit's four tables."""
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column(
            "lines", sa.Text, nullable=False, comment="canonical JSON: ids and digests, no values"
        ),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "audit_tail",
        sa.Column(
            "id", sa.BigInteger, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False
        ),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table("audit_checkpoints", *_checkpoint_columns())
    op.create_table(
        "audit_witnesses",
        *_checkpoint_columns(),
        sa.Column("received_at", _instant(), nullable=False),
    )


def drop_audit() -> None:
    """Remove what ``create_audit`` made."""
    for table in ("audit_witnesses", "audit_checkpoints", "audit_tail", "audit_entries"):
        op.drop_table(table)


def _create_letters() -> None:
    op.create_table(
        "postponed",
        sa.Column("message_id", sa.Uuid, primary_key=True),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        *_letter_columns(),
    )
    op.create_index("ix_postponed_due_at", "postponed", ["due_at"])
    op.create_index("postponed_turn", "postponed", ["source", "subject", "sequence"])
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("message_id", sa.Uuid),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("dropped_at", _instant()),
        sa.Column("drop_reason", sa.Text),
        *_letter_columns(),
    )
    op.create_index("ix_dead_letters_message_id", "dead_letters", ["message_id"])


def _letter_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("source", sa.String(80)),
        sa.Column("subject", sa.String(80)),
        sa.Column("sequence", _number),
        sa.Column("type", sa.String(100)),
        sa.Column("routing_key", sa.String(200), nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("owner", sa.Uuid, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    ]


def _checkpoint_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
    ]
