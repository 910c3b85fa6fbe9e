"""What the JSON interface answers with."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.enrollment.domain import application as applications
from services.enrollment.domain import appointment as appointments
from services.enrollment.domain import card as cards
from services.enrollment.domain import membership as memberships
from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import Step
from services.enrollment.domain.next_step import Action, Actor, next_step
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.web.answer_fields import Answers


class MoneyOut(Schema):
    """An amount in whole cents."""

    cents = fields.Integer(required=True)
    currency = fields.String(required=True)


class ChangeOut(Schema):
    """One line of the dated history."""

    status = fields.Enum(applications.Status, by_value=True, required=True)
    at = fields.AwareDateTime(required=True)


class NextOut(Schema):
    """Who acts next, and how."""

    actor = fields.Enum(Actor, by_value=True, required=True)
    action = fields.Enum(Action, by_value=True, required=True)


class RequestOut(Schema):
    """What vetting asks for."""

    id = fields.UUID(required=True)
    fields_ = fields.List(fields.String(), data_key="fields", attribute="fields", required=True)
    text_code = fields.String(required=True)
    due_on = fields.Date(required=True)


class DecisionOut(Schema):
    """What vetting decided, as codes."""

    outcome = fields.String(required=True)
    reason_codes = fields.List(fields.String(), required=True)
    notice_codes = fields.List(fields.String(), required=True)
    decided_at = fields.AwareDateTime(required=True)


class ApplicationOut(Schema):
    """An application as its owner sees it; ``missing`` are the steps not answered yet."""

    id = fields.UUID(required=True)
    program = fields.String(required=True)
    purpose = fields.String(required=True)
    status = fields.Enum(applications.Status, by_value=True, required=True)
    since = fields.AwareDateTime(required=True)
    next = fields.Nested(NextOut, required=True)
    history = fields.List(fields.Nested(ChangeOut), required=True)
    created_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    fee = fields.Nested(MoneyOut, allow_none=True)
    policy_version = fields.String(required=True)
    lapses_on = fields.Date(allow_none=True)
    request = fields.Nested(RequestOut, allow_none=True)
    decision = fields.Nested(DecisionOut, allow_none=True)
    missing = fields.List(fields.Enum(Step, by_value=True), required=True)
    version = fields.Integer(required=True)


class ApplicationIn(Answers):
    """What an application begins with."""

    program = fields.String(load_default=SENTRI, validate=validate.Length(min=1, max=24))


class SlotOut(Schema):
    """A time at which an interview can be booked."""

    slot_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    minutes = fields.Integer(required=True)
    desks = fields.Integer(required=True)


class SlotsQuery(Schema):
    """Which slots."""

    center = fields.String(required=True, validate=validate.Length(min=1, max=12))
    after = fields.AwareDateTime(load_default=None)
    before = fields.AwareDateTime(load_default=None)


class SlotIn(Answers):
    """The slot to book or hold."""

    slot_id = fields.UUID(required=True)


class AppointmentOut(Schema):
    """An appointment."""

    id = fields.UUID(required=True)
    slot_id = fields.UUID(required=True)
    center = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    status = fields.Enum(appointments.Status, by_value=True, required=True)
    held_until = fields.AwareDateTime(allow_none=True)


class CardOut(Schema):
    """A card, without anything that is printed on it."""

    id = fields.UUID(required=True)
    status = fields.Enum(cards.Status, by_value=True, required=True)
    ordered_at = fields.AwareDateTime(required=True)
    activate_by = fields.Date(allow_none=True)


class VehicleOut(Schema):
    """A vehicle."""

    plate = fields.String(required=True)
    region = fields.String(required=True)
    make = fields.String(required=True)
    model = fields.String(required=True)
    year = fields.Integer(required=True)
    colour = fields.String(required=True)
    vin = fields.String(required=True)


class MembershipOut(Schema):
    """A membership with its cards and vehicles."""

    id = fields.UUID(required=True)
    program = fields.String(required=True)
    status = fields.Enum(memberships.Status, by_value=True, required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    grace_until = fields.Date(allow_none=True)
    vehicles = fields.List(fields.Nested(VehicleOut), required=True)
    cards = fields.List(fields.Nested(CardOut), required=True)
    version = fields.Integer(required=True)


def shown(application: Application) -> dict[str, Any]:
    """Return an application as ``ApplicationOut`` writes it."""
    return {
        **{
            name: getattr(application, name)
            for name in ApplicationOut().fields
            if hasattr(application, name)
        },
        "since": application.history[-1].at,
        "next": next_step(application),
        "missing": [step for step in Step if step not in application.form.done],
    }
