"""The center's day: who comes, who is here, who waits for a card."""

import contextlib
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from services.enrollment.domain.appointment import Status
from services.enrollment.domain.center import CENTERS, Center, center_of
from services.enrollment.use_cases.fetching import DEFAULT_CENTER
from services.enrollment.web import texts
from services.enrollment.web.doors import doors, use_cases
from shared.errors import AlreadyDone
from shared.web.access import allow
from shared.web.forms import Form

pages = Blueprint("center", __name__, url_prefix="/center")


class NothingToEnter(Schema):
    """A form that is only a button."""


@pages.get("")
@allow("center")
def home() -> ResponseReturnValue:
    """Go to the day of the first center."""
    return redirect(url_for("center.day", center_id=DEFAULT_CENTER))


@pages.get("/<center_id>/day")
@allow("center")
def day(center_id: str) -> ResponseReturnValue:
    """Show one day of one center."""
    center = center_of(center_id)
    chosen = _day(request.args.get("day"), center)
    found = use_cases().read_day(
        center.id, begin=_midnight(chosen, center), end=_midnight(chosen + timedelta(1), center)
    )
    return render_template(
        "enrollment/day.html",
        center=center,
        centers=CENTERS.values(),
        chosen=chosen,
        today=center.today(doors().clock()),
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        found=found,
        form=Form(NothingToEnter),
        booked=Status.BOOKED,
        checked_in=Status.CHECKED_IN,
        texts=texts,
    )


@pages.post("/visits/<uuid:appointment_id>/check-in")
@allow("center")
def check_in(appointment_id: UUID) -> ResponseReturnValue:
    """Note that an applicant is here, and go to the interview."""
    form = Form(NothingToEnter)
    with contextlib.suppress(AlreadyDone):
        use_cases().check_in(appointment_id, cause=form.cause)
    return redirect(url_for("visits.interview", appointment_id=appointment_id), 303)


@pages.post("/visits/<uuid:appointment_id>/missed")
@allow("center")
def missed(appointment_id: UUID) -> ResponseReturnValue:
    """Note that an applicant did not come."""
    form = Form(NothingToEnter)
    with contextlib.suppress(AlreadyDone):
        use_cases().miss_appointment(appointment_id, cause=form.cause)
    return redirect(url_for("center.home"), 303)


def _day(asked: str | None, center: Center) -> date:
    try:
        return date.fromisoformat(asked or "")
    except ValueError:
        return center.today(doors().clock())


def _midnight(day: date, center: Center) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=center.zone)
