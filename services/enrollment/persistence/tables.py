"""Enrollment's tables. Personal data rest in ``*_sealed`` columns under the person's data key."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.enrollment.domain import application, appointment, card, membership
from services.enrollment.domain.interview import Outcome
from services.enrollment.persistence.columns import AsJson
from services.enrollment.persistence.plain_values import (
    dump_history,
    dump_ids,
    load_history,
    load_ids,
)
from shared.audit.tables import add_audit
from shared.persistence.instants import Instant
from shared.persistence.mailboxes import add_mailboxes

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)


def _state(kind: type) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda states: [str(state.value) for state in states],
    )


applications = Table(
    "applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("program", String(24), nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("status", _state(application.Status), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("fee_cents", Integer),
    Column("fee_currency", String(3)),
    Column("policy_version", String(10), nullable=False),
    Column("case_id", Uuid),
    Column("lapses_on", Date),
    Column("history", AsJson(dump_history, load_history), nullable=False),
    Column("form_sealed", LargeBinary),
    Column("request_sealed", LargeBinary),
    Column("decision_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
)
Index(
    "uq_applications_open",
    applications.c.person_id,
    unique=True,
    postgresql_where=applications.c.status.not_in(sorted(application.OVER)),
)
Index("ix_applications_lapsing", applications.c.lapses_on)

slots = Table(
    "slots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("center", String(12), nullable=False),
    Column("desk", Integer, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("minutes", Integer, nullable=False),
    UniqueConstraint("center", "desk", "starts_at", name="uq_slots_place"),
)
Index("ix_slots_when", slots.c.center, slots.c.starts_at)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slot_id", Uuid, ForeignKey("slots.id"), nullable=False),
    Column("application_id", Uuid, ForeignKey("applications.id"), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("center", String(12), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("status", _state(appointment.Status), nullable=False),
    Column("held_until", Instant),
    Column("version", Integer, nullable=False),
)
Index(
    "uq_appointments_slot",
    appointments.c.slot_id,
    unique=True,
    postgresql_where=appointments.c.status.in_(sorted(appointment.OCCUPIES)),
)
Index(
    "uq_appointments_application",
    appointments.c.application_id,
    unique=True,
    postgresql_where=appointments.c.status.in_(sorted(appointment.LIVE)),
)
Index("ix_appointments_day", appointments.c.center, appointments.c.starts_at)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid, ForeignKey("applications.id"), nullable=False, index=True),
    Column("appointment_id", Uuid, ForeignKey("appointments.id"), nullable=False, unique=True),
    Column("person_id", Uuid, nullable=False),
    Column("outcome", _state(Outcome), nullable=False),
    Column("recorded_by", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("questions_sealed", LargeBinary),
    Column("text_sealed", LargeBinary),
)

pictures = Table(
    "pictures",
    metadata,
    Column("id", Uuid, primary_key=True, comment="the person's id"),
    Column("jpeg_sealed", LargeBinary),
    Column("taken_at", Instant, nullable=False),
    Column("taken_by", String(120), nullable=False),
    Column("version", Integer, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("application_id", Uuid, ForeignKey("applications.id"), nullable=False, unique=True),
    Column("program", String(24), nullable=False),
    Column("passid", String(9), nullable=False, unique=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("grace_until", Date),
    Column("status", _state(membership.Status), nullable=False),
    Column("holds", AsJson(dump_ids, load_ids), nullable=False),
    Column("form_sealed", LargeBinary),
    Column("reasons_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
)
Index(
    "uq_memberships_person",
    memberships.c.person_id,
    unique=True,
    postgresql_where=memberships.c.status != membership.Status.ENDED,
)

member_vehicles = Table(
    "member_vehicles",
    metadata,
    Column("membership_id", Uuid, ForeignKey("memberships.id"), primary_key=True),
    Column("vin_index", LargeBinary(16), primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
)
Index("ix_member_vehicles_vin", member_vehicles.c.vin_index)

cards = Table(
    "cards",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("membership_id", Uuid, ForeignKey("memberships.id"), nullable=False, index=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("epc", LargeBinary, nullable=False, unique=True),
    Column("tid_digest", LargeBinary, nullable=False, unique=True),
    Column("status", _state(card.Status), nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("activate_by", Date),
    Column("wrong_tries", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("tid_sealed", LargeBinary),
    Column("secrets_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
)
Index(
    "uq_cards_in_use",
    cards.c.membership_id,
    unique=True,
    postgresql_where=cards.c.status.in_(sorted(card.IN_USE)),
)
Index("ix_cards_activation", cards.c.status, cards.c.activate_by)

credentials = Table(
    "credentials",
    metadata,
    Column("credential_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("epc", LargeBinary, nullable=False, unique=True),
    Column("entry", Text, nullable=False, comment="canonical JSON of the newest entry"),
)

feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("credential_id", Uuid),
    Column("entry", Text, nullable=False, comment="canonical JSON, as it is hashed"),
    Column("hash", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_feed_credential", feed.c.credential_id)
Index("ix_feed_kind", feed.c.kind, feed.c.position)

feed_tail = Table(
    "feed_tail",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("head_at", Instant),
)

feed_log = Table(
    "feed_log",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False, comment="the last one that the log confirmed"),
)

sites = Table(
    "sites",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("sealing_key", Text, nullable=False),
    Column("client_key", Text, nullable=False),
)

feed_reports = Table(
    "feed_reports",
    metadata,
    Column("site", String(12), ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("applied_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
)

display_records = Table(
    "display_records",
    metadata,
    Column("credential_id", Uuid, primary_key=True),
    Column("site", String(12), ForeignKey("sites.id"), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("there", Integer, nullable=False, comment="1 while the site is to have the record"),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site", String(12), nullable=False),
    Column("lane", String(40), nullable=False),
    Column("verdict", String(24), nullable=False),
    Column("reasons", AsJson(list, tuple), nullable=False),
    Column("authorisation", String(24), nullable=False),
    Column("officer", String(120), nullable=False),
    Column("counted", Integer),
    Column("read_at", Instant),
    Column("shown_at", Instant),
    Column("decided_at", Instant),
    Column("gate_at", Instant),
    Column("list_number", BigInteger),
    Column("list_age_s", Float),
    Column("referral_end", String(24)),
    Column("referral_reason", String(200)),
    Column("referral_at", Instant),
)
Index("ix_passages_when", passages.c.site, passages.c.decided_at)

crossings = Table(
    "crossings",
    metadata,
    Column("passage_id", Uuid, primary_key=True),
    Column("credential_id", Uuid, primary_key=True),
    Column("person_id", Uuid, index=True),
    Column("inspection_result", String(24)),
    Column("inspection_type", String(60)),
    Column("inspection_note", Text, comment="sealed to vetting"),
    Column("inspected_by", String(120)),
    Column("inspected_at", Instant),
)
Index("ix_crossings_credential", crossings.c.credential_id)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site", String(12), nullable=False),
    Column("code", String(60), nullable=False),
    Column("lane", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("officer", String(120), nullable=False),
    Column("acknowledged_by", String(120)),
    Column("acknowledged_at", Instant),
)

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("holder", String(40), primary_key=True),
    Column("rows", Integer),
    Column("at", Instant),
)

client_assertions = Table(
    "client_assertions",
    metadata,
    Column("jti", String(160), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
