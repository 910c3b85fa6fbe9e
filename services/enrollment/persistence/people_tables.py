"""Tables of people: applications, appointments, interviews, memberships, cards.

Personal data rest in ``*_sealed`` columns under the person's data key.
"""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
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
from services.enrollment.persistence.schema import metadata, state
from shared.persistence.instants import Instant

applications = Table(
    "applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("program", String(24), nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("status", state(application.Status), nullable=False),
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
NEVER_A_MEMBER = sorted(
    {application.Status.DRAFT} | application.OVER - {application.Status.APPROVED}
)
Index(
    "ix_applications_kept",
    applications.c.created_at,
    postgresql_where=applications.c.form_sealed.is_not(None)
    & applications.c.status.in_(NEVER_A_MEMBER),
)

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
    Column("status", state(appointment.Status), nullable=False),
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
    Column("outcome", state(Outcome), nullable=False),
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
    Column("status", state(membership.Status), nullable=False),
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
    Column("status", state(card.Status), nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("activate_by", Date),
    Column("wrong_tries", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("flagged_at", Instant),
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
