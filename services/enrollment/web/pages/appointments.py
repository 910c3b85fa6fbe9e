"""Booking an interview: days with free times, a time held while it is confirmed."""

import contextlib
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment, HoldExpired, SlotPassed, SlotTaken
from services.enrollment.domain.appointment import Status as AppointmentStatus
from services.enrollment.domain.center import Center
from services.enrollment.use_cases.fetching import center_for
from services.enrollment.web import texts
from services.enrollment.web.doors import doors, own_id, use_cases
from shared.errors import AlreadyDone
from shared.web.access import applicant
from shared.web.forms import Form, render_form
from shared.web.language import lazy as _l

pages = Blueprint("appointments", __name__, url_prefix="/applications/<uuid:application_id>")


class SlotIn(Schema):
    """The time that was chosen."""

    slot_id = fields.UUID(required=True, metadata={"label": _l("Time")})


class NothingToEnter(Schema):
    """A form that is only a button."""


@pages.route("/interview", methods=["GET", "POST"])
@applicant
def choose(application_id: UUID) -> ResponseReturnValue:
    """Offer days and times, and hold the one that is chosen."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    form = Form(SlotIn)
    if form.sent() and _held(form, application):
        return redirect(url_for("appointments.confirm", application_id=application_id), 303)
    center = center_for(application.form)
    days = _days(center)
    chosen = _day(request.args.get("day"), days)
    return render_form(
        "enrollment/choose_time.html",
        form,
        application=application,
        center=center,
        days=days,
        chosen=chosen,
        slots=[] if chosen is None else _slots(center, chosen),
        texts=texts,
    )


@pages.route("/interview/confirm", methods=["GET", "POST"])
@applicant
def confirm(application_id: UUID) -> ResponseReturnValue:
    """Confirm the time that is held."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    appointment = use_cases().read_own.appointment(application_id, person_id=own_id())
    form = Form(NothingToEnter)
    if appointment is None or appointment.over(doors().clock()):
        raise HoldExpired("No time is held")
    if form.sent():
        _book(form, appointment)
        return redirect(url_for("applications.status", application_id=application_id), 303)
    if appointment.status is not AppointmentStatus.HELD:
        return redirect(url_for("applications.status", application_id=application_id))
    return render_form(
        "enrollment/confirm_time.html",
        form,
        application=application,
        appointment=appointment,
        center=center_for(application.form),
    )


@pages.route("/interview/cancel", methods=["GET", "POST"])
@applicant
def cancel(application_id: UUID) -> ResponseReturnValue:
    """Ask before giving an appointment back."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    appointment = use_cases().read_own.appointment(application_id, person_id=own_id())
    form = Form(NothingToEnter)
    if form.sent():
        with contextlib.suppress(AlreadyDone):
            use_cases().cancel_appointment(application_id, person_id=own_id(), cause=form.cause)
        return redirect(url_for("applications.status", application_id=application_id), 303)
    return render_form(
        "enrollment/cancel_time.html",
        form,
        application=application,
        appointment=appointment,
        center=center_for(application.form),
    )


def _held(form: Form, application: Application) -> bool:
    try:
        use_cases().hold_slot(
            application.id,
            person_id=own_id(),
            slot_id=form.data["slot_id"],
            cause=form.cause,
        )
    except AlreadyDone:
        return True
    except (SlotTaken, SlotPassed) as error:
        form.reject_field("", str(texts.ERROR_TITLES[error.code]))
        return False
    return True


def _book(form: Form, appointment: Appointment) -> None:
    with contextlib.suppress(AlreadyDone):
        use_cases().confirm_hold(
            appointment.application_id,
            person_id=own_id(),
            appointment_id=appointment.id,
            cause=form.cause,
        )


def _days(center: Center) -> list[date]:
    """Return the local days with a free time; a UTC day has parts of two of them."""
    now = doors().clock()
    firsts = doors().queries.free_days(center.id, after=now, now=now)
    return sorted({moment.astimezone(center.zone).date() for moment in firsts})


def _day(asked: str | None, days: list[date]) -> date | None:
    try:
        chosen = date.fromisoformat(asked or "")
    except ValueError:
        return None
    return chosen if chosen in days else None


def _slots(center: Center, day: date) -> list[tuple[UUID, str, int]]:
    begin = _midnight(day, center.zone)
    end = _midnight(day + timedelta(days=1), center.zone)
    now = doors().clock()
    free = doors().queries.free_slots(center.id, after=begin, before=end, now=now)
    return [
        (slot.slot_id, slot.starts_at.astimezone(center.zone).strftime("%H:%M"), slot.minutes)
        for slot in free
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
