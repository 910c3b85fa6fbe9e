"""How aggregates map on to the tables, and which of their attributes rest sealed."""

from functools import cache

from sqlalchemy.orm import composite, registry

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment
from services.enrollment.domain.card import Card
from services.enrollment.domain.interview import Interview
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.money import Money
from services.enrollment.domain.picture import Picture
from services.enrollment.persistence import plain_values, tables
from shared.persistence.sealed_columns import SealedColumn

APPLICATION_SEALED = (
    SealedColumn(
        table="applications",
        attribute="form",
        column="form_sealed",
        owner=lambda a: a.person_id,
        dump=plain_values.form_bytes,
        load=plain_values.form_of,
    ),
    SealedColumn(
        table="applications",
        attribute="request",
        column="request_sealed",
        owner=lambda a: a.person_id,
        dump=plain_values.request_bytes,
        load=plain_values.request_of,
    ),
    SealedColumn(
        table="applications",
        attribute="decision",
        column="decision_sealed",
        owner=lambda a: a.person_id,
        dump=plain_values.decision_bytes,
        load=plain_values.decision_of,
    ),
)

INTERVIEW_SEALED = (
    SealedColumn(
        table="interviews",
        attribute="questions",
        column="questions_sealed",
        owner=lambda i: i.person_id,
        dump=plain_values.questions_bytes,
        load=plain_values.questions_of,
    ),
    SealedColumn(
        table="interviews",
        attribute="text",
        column="text_sealed",
        owner=lambda i: i.person_id,
        dump=str.encode,
        load=bytes.decode,
    ),
)

PICTURE_SEALED = (
    SealedColumn(
        table="pictures",
        attribute="jpeg",
        column="jpeg_sealed",
        owner=lambda p: p.id,
        dump=bytes,
        load=bytes,
    ),
)

MEMBERSHIP_SEALED = (
    SealedColumn(
        table="memberships",
        attribute="form",
        column="form_sealed",
        owner=lambda m: m.person_id,
        dump=plain_values.form_bytes,
        load=plain_values.form_of,
    ),
    SealedColumn(
        table="memberships",
        attribute="reasons",
        column="reasons_sealed",
        owner=lambda m: m.person_id,
        dump=plain_values.reasons_bytes,
        load=plain_values.reasons_of,
    ),
)

CARD_SEALED = (
    SealedColumn(
        table="cards",
        attribute="tid",
        column="tid_sealed",
        owner=lambda c: c.person_id,
        dump=bytes,
        load=bytes,
    ),
    SealedColumn(
        table="cards",
        attribute="secrets",
        column="secrets_sealed",
        owner=lambda c: c.person_id,
        dump=plain_values.secrets_bytes,
        load=plain_values.secrets_of,
    ),
)


@cache
def map_aggregates() -> None:
    """Teach SQLAlchemy our aggregates; further calls do nothing."""
    mapper = registry(metadata=tables.metadata)
    applications = tables.applications
    mapper.map_imperatively(
        Application,
        applications,
        version_id_col=applications.c.version,
        properties={
            "fee": composite(
                Money,
                applications.c.fee_cents,
                applications.c.fee_currency,
                return_none_on=lambda cents, _currency: cents is None,
            )
        },
    )
    for kind, table in (
        (Appointment, tables.appointments),
        (Picture, tables.pictures),
        (Membership, tables.memberships),
        (Card, tables.cards),
    ):
        mapper.map_imperatively(kind, table, version_id_col=table.c.version)
    mapper.map_imperatively(Interview, tables.interviews)
