"""Interview slots and the appointment of an application as JSON."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request

from services.enrollment.domain.center import center_of
from services.enrollment.web.api.shapes import AppointmentOut, SlotIn, SlotOut, SlotsQuery
from services.enrollment.web.doors import doors, own_id, use_cases
from shared.errors import NotFound
from shared.events import RequestCause
from shared.web.access import applicant
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent

api = ApiBlueprint("api_appointments", __name__, url_prefix="/api/v1")
LONGEST = timedelta(days=31)
"""No calendar is open for longer ahead."""


def _current(application_id: UUID) -> object:
    found = use_cases().read_own.appointment(application_id, person_id=own_id())
    if found is None:
        raise NotFound("There is no appointment")
    return found


def _again(_result: str | None) -> object:
    return _current((request.view_args or {})["application_id"])


@api.route("/slots", methods=["GET"])
@applicant
@api.arguments(SlotsQuery, location="query")
@api.response(200, SlotOut(many=True))
@api.alt_response(404, "Problem404")
def slots(query: dict[str, Any]) -> object:
    """List the times that can be booked now, by default all of the next 31 days."""
    now = doors().clock()
    center = center_of(query["center"])
    after: datetime = query["after"] or now
    before: datetime = query["before"] or now + LONGEST
    return doors().queries.free_slots(center.id, after=after, before=before, now=now)


@api.route("/applications/<uuid:application_id>/hold", methods=["POST"])
@applicant
@api.arguments(SlotIn)
@api.response(201, AppointmentOut)
@idempotent(again=_again)
def hold(data: dict[str, UUID], application_id: UUID, *, cause: RequestCause) -> object:
    """Hold a slot for ten minutes."""
    return use_cases().hold_slot(
        application_id, person_id=own_id(), slot_id=data["slot_id"], cause=cause
    )


@api.route("/applications/<uuid:application_id>/appointment", methods=["POST"])
@applicant
@api.arguments(SlotIn)
@api.response(201, AppointmentOut)
@idempotent(again=_again)
def book(data: dict[str, UUID], application_id: UUID, *, cause: RequestCause) -> object:
    """Book a slot, held or not; two people can never have one slot."""
    return use_cases().book_slot(
        application_id, person_id=own_id(), slot_id=data["slot_id"], cause=cause
    )


@api.route("/applications/<uuid:application_id>/appointment", methods=["GET"])
@applicant
@api.response(200, AppointmentOut)
def read(application_id: UUID) -> object:
    """Read the appointment that is held or booked."""
    return _current(application_id)


@api.route("/applications/<uuid:application_id>/appointment", methods=["DELETE"])
@applicant
@api.response(204)
def cancel(application_id: UUID) -> None:
    """Cancel the appointment; the slot is free for everybody at once."""
    use_cases().cancel_appointment(application_id, person_id=own_id())
