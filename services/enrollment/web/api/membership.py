"""One's own membership as JSON: read it, activate the card, report it, change the vehicles."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from services.enrollment.domain.application_form import Step
from services.enrollment.domain.card import PASSID_DIGITS, SECURITY_CODE_DIGITS, Status
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.use_cases.activate_card import CardCodes
from services.enrollment.web import texts
from services.enrollment.web.answer_fields import Answers
from services.enrollment.web.answers import VehiclesIn, answers_of
from services.enrollment.web.api.shapes import CardOut, MembershipOut
from services.enrollment.web.doors import own_id, use_cases
from shared.errors import NotFound
from shared.events import RequestCause
from shared.web.access import applicant
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent
from shared.web.versions import versioned, with_etag

api = ApiBlueprint("api_membership", __name__, url_prefix="/api/v1/membership")


class CodesIn(Answers):
    """What is printed on the card."""

    passid = fields.String(required=True, validate=validate.Regexp(rf"[0-9]{{{PASSID_DIGITS}}}\Z"))
    security_code = fields.String(
        required=True, validate=validate.Regexp(rf"[0-9]{{{SECURITY_CODE_DIGITS}}}\Z")
    )


class ReportIn(Answers):
    """What happened to the card."""

    what = fields.String(required=True, validate=validate.OneOf(["lost", "stolen"]))


def _membership() -> dict[str, Any]:
    mine = use_cases().read_own.overview(person_id=own_id())
    if mine.membership is None:
        raise NotFound("You are not a member")
    return {
        **{
            name: getattr(mine.membership, name)
            for name in MembershipOut().fields
            if hasattr(mine.membership, name)
        },
        "vehicles": mine.membership.form.vehicles,
        "cards": mine.cards,
    }


def _card(result: str | None) -> object:
    mine = use_cases().read_own.overview(person_id=own_id())
    for card in mine.cards:
        if str(card.id) == result:
            return card
    raise NotFound("There is no such card")


@api.route("", methods=["GET"])
@applicant
@api.response(200, MembershipOut)
@api.alt_response(404, "Problem404")
def read() -> Response:
    """Read the membership with its cards and vehicles."""
    found = _membership()
    return with_etag(MembershipOut().dump(found), found["version"])


@api.route("/activation", methods=["POST"])
@applicant
@api.arguments(CodesIn)
@api.response(200, CardOut)
@api.alt_response(404, "Problem404")
@idempotent(again=_card)
def activate(data: dict[str, str], *, cause: RequestCause) -> object:
    """Activate the card with the numbers printed on it."""
    return use_cases().activate_card(own_id(), CardCodes(**data), cause=cause)


@api.route("/cards/<uuid:card_id>/report", methods=["POST"])
@applicant
@api.arguments(ReportIn)
@api.response(200, CardOut)
@idempotent(again=_card)
def report(data: dict[str, str], card_id: UUID, *, cause: RequestCause) -> object:
    """Report a card lost or stolen; no lane opens for it any more."""
    return use_cases().report_card(
        card_id, person_id=own_id(), what=Status(data["what"]), cause=cause
    )


@api.route("/vehicles", methods=["PUT"])
@applicant
@api.arguments(VehiclesIn)
@api.response(200, MembershipOut)
@api.alt_response(404, "Problem404")
@versioned
def vehicles(data: dict[str, Any], *, version: int) -> Response:
    """Replace the vehicles."""
    enrolled = answers_of(Step.VEHICLES, data)["vehicles"]
    try:
        use_cases().change_vehicles(own_id(), enrolled, version=version)
    except FormInvalid as invalid:
        raise texts.spoken(invalid.flaws) from invalid
    found = _membership()
    return with_etag(MembershipOut().dump(found), found["version"])
