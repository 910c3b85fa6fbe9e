"""The tables of one hash-chained audit: entries, the tail, our checkpoints, others' checkpoints."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, MetaData, String, Table, Text

HASH = String(64)


@dataclass(frozen=True, kw_only=True)
class AuditTables:
    """One database's audit."""

    entries: Table
    tail: Table
    checkpoints: Table
    witnesses: Table


def add_audit(metadata: MetaData) -> AuditTables:
    """Add the audit's four tables to ``metadata``."""
    return AuditTables(
        entries=_entries(metadata),
        tail=_tail(metadata),
        checkpoints=_checkpoints(metadata),
        witnesses=_witnesses(metadata),
    )


def _entries(metadata: MetaData) -> Table:
    return Table(
        "audit_entries",
        metadata,
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("lines", Text, nullable=False, comment="canonical JSON: ids and digests, no values"),
        Column("previous", HASH, nullable=False),
        Column("hash", HASH, nullable=False, unique=True),
    )


def _tail(metadata: MetaData) -> Table:
    return Table(
        "audit_tail",
        metadata,
        Column("id", BigInteger, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        Column("number", BigInteger, nullable=False),
        Column("hash", HASH, nullable=False),
    )


def _checkpoints(metadata: MetaData) -> Table:
    return Table(
        "audit_checkpoints",
        metadata,
        Column("chain", Text, primary_key=True),
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("hash", HASH, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("kid", Text, nullable=False),
        Column("signature", Text, nullable=False),
    )


def _witnesses(metadata: MetaData) -> Table:
    return Table(
        "audit_witnesses",
        metadata,
        Column("chain", Text, primary_key=True),
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("hash", HASH, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("kid", Text, nullable=False),
        Column("signature", Text, nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
    )
