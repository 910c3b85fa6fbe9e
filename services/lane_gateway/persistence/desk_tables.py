"""The desk's file: lanes and their staff, commands, secondary visits, acknowledged alarms."""

from sqlalchemy import (
    JSON,
    Column,
    Enum,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.orm import registry

from services.lane_gateway.domain.visit import Visit, VisitStatus
from shared.audit.tables import add_audit
from shared.persistence.instants import Instant
from shared.persistence.mailboxes import add_mailboxes

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", String(12), primary_key=True),
    Column("mode", String(12), nullable=False),
    Column("lane_type", String(12), nullable=False),
    Column("direction", String(12), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("counter_grants_automatic", Integer, nullable=False),
    Column("signed_on", String(80)),
    Column("signed_on_at", Instant),
    Column("version", Integer, nullable=False),
    Column("switched_at", Instant, comment="the last turn of the schedule that was carried out"),
)

switches = Table(
    "switches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("lane", String(12), nullable=False, index=True),
    Column("weekdays", String(7), nullable=False, comment="digits from 0 for Monday"),
    Column("at", String(5), nullable=False, comment="HH:MM by the clock of the port"),
    Column("mode", String(12), nullable=False),
    Column("lane_type", String(12), nullable=False),
    Column("made_at", Instant, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("lane", String(12), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("officer", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("passage_id", Uuid),
    Column("counted", Integer),
    Column("reason", Text, comment="sealed"),
    Column("plate", Text, comment="sealed"),
    Column("region", String(8)),
    Column("epc", String(124)),
    Column("seconds", Float),
    Column("passkey", String(64), comment="digest of the passkey that stepped an override up"),
    sqlite_autoincrement=True,
)

Index(
    "commands_with_sealed",
    commands.c.at,
    sqlite_where=commands.c.reason.is_not(None) | commands.c.plate.is_not(None),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("credential_id", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    Column("officer", String(80), nullable=False, index=True),
    Column("authority", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("name", Text, nullable=False, comment="sealed"),
    Column("label", Text, nullable=False, comment="sealed"),
    Column("sign_count", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("confirmed_by", String(80)),
    Column("confirmed_at", Instant),
    Column("dropped_by", String(80)),
    Column("dropped_at", Instant),
    Column("used_at", Instant),
)

visits = Table(
    "visits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("passage_id", Uuid, nullable=False, unique=True),
    Column("lane", String(12), nullable=False),
    Column("credential_ids", JSON, nullable=False),
    Column("sent_by", String(80), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column(
        "status",
        Enum(
            VisitStatus,
            native_enum=False,
            length=12,
            values_callable=lambda kind: [each.value for each in kind],
        ),
        nullable=False,
    ),
    Column("arrived_at", Instant),
    Column("inspected_at", Instant),
    Column("released_at", Instant),
    Column("inspected_by", String(80)),
    Column("version", Integer, nullable=False),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("alarm_id", Uuid, primary_key=True),
    Column("lane", String(12), nullable=False),
    Column("officer", String(80), nullable=False),
    Column("at", Instant, nullable=False),
)

_mapped: list[registry] = []


def map_aggregates() -> None:
    """Teach SQLAlchemy our aggregates; a second call does nothing."""
    if not _mapped:
        _mapped.append(registry(metadata=metadata))
        _mapped[0].map_imperatively(Visit, visits, version_id_col=visits.c.version)
