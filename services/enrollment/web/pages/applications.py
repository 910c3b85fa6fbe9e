"""One's own applications: all of them, one with its dated status, and taking one back."""

import contextlib
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from services.enrollment.domain.application import ALLOWED, EDITABLE, Application, Status, since
from services.enrollment.domain.next_step import next_step
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.use_cases.errors import ApplicationOpen
from services.enrollment.use_cases.fetching import center_for
from services.enrollment.web import texts
from services.enrollment.web.doors import own_id, use_cases
from shared.errors import AlreadyDone
from shared.web.access import applicant
from shared.web.forms import Form, render_form

pages = Blueprint("applications", __name__, url_prefix="/applications")


class NothingToEnter(Schema):
    """A form that is only a button."""


@pages.route("", methods=["GET", "POST"])
@applicant
def overview() -> ResponseReturnValue:
    """Show all that a person has with us, and begin an application."""
    form = Form(NothingToEnter)
    if form.sent():
        return redirect(_begin(form), 303)
    mine = use_cases().read_own.overview(person_id=own_id())
    return render_form(
        "enrollment/overview.html",
        form,
        mine=mine,
        texts=texts,
        since=since,
        may_begin=mine.membership is None and all(_over(a) for a in mine.applications),
    )


@pages.get("/<uuid:application_id>")
@applicant
def status(application_id: UUID) -> ResponseReturnValue:
    """Show where an application stands, since when, and who acts next."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    appointment = None
    if application.status is Status.INTERVIEW_BOOKED:
        appointment = use_cases().read_own.appointment(application_id, person_id=own_id())
    decision = application.decision
    denied = application.status is Status.DENIED
    return render_template(
        "enrollment/status.html",
        application=application,
        appointment=appointment,
        center=center_for(application.form),
        next=next_step(application),
        notices=texts.notices(decision.notice_codes) if denied and decision else [],
        editable=application.status in EDITABLE,
        withdrawable=Status.WITHDRAWN in ALLOWED[application.status],
        texts=texts,
    )


@pages.route("/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@applicant
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Ask before taking an application back."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    form = Form(NothingToEnter, version=application.version)
    if form.sent():
        with contextlib.suppress(AlreadyDone):
            use_cases().withdraw_application(
                application_id, person_id=own_id(), version=form.version, cause=form.cause
            )
        return redirect(url_for("applications.status", application_id=application_id), 303)
    return render_form("enrollment/withdraw.html", form, application=application)


def _begin(form: Form) -> str:
    try:
        started = use_cases().start_application(own_id(), program=SENTRI, cause=form.cause)
    except (AlreadyDone, ApplicationOpen):
        return url_for("applications.overview")
    return url_for("form.next_page", application_id=started.id)


def _over(application: Application) -> bool:
    return not ALLOWED[application.status]
