"""One's own membership: the card, its activation, a lost card, the vehicles."""

import contextlib
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from services.enrollment.domain.application_form import Rules, Step
from services.enrollment.domain.card import (
    PASSID_DIGITS,
    SECURITY_CODE_DIGITS,
    ActivationLapsed,
    Status,
    TooManyTries,
    WrongCode,
)
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.use_cases.activate_card import CardCodes, GuardianNeeded
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.web import texts
from services.enrollment.web.answer_fields import Answers
from services.enrollment.web.answers import VehiclesIn, answers_of, stored
from services.enrollment.web.doors import doors, own_id, use_cases
from shared.errors import AlreadyDone, NotFound
from shared.web.access import applicant
from shared.web.forms import Form, render_form
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.language import ngettext

pages = Blueprint("membership", __name__, url_prefix="/membership")
REPORTABLE = (Status.LOST, Status.STOLEN)


class CodesIn(Answers):
    """What is printed on the card."""

    passid = fields.String(
        required=True,
        validate=validate.Regexp(rf"\d{{{PASSID_DIGITS}}}\Z"),
        metadata={"label": _l("PASSID"), "hint": _l("9 digits on the front of the card")},
    )
    security_code = fields.String(
        required=True,
        validate=validate.Regexp(rf"\d{{{SECURITY_CODE_DIGITS}}}\Z"),
        metadata={"label": _l("Security code"), "hint": _l("6 digits on the back of the card")},
    )


class ReportIn(Answers):
    """What happened to the card."""

    what = fields.String(
        required=True,
        validate=validate.OneOf([str(status) for status in REPORTABLE]),
        metadata={
            "label": _l("What happened to the card?"),
            "choices": [("lost", _l("I lost it")), ("stolen", _l("It was stolen"))],
        },
    )


@pages.get("")
@applicant
def overview() -> ResponseReturnValue:
    """Show the membership with its card and vehicles."""
    mine = use_cases().read_own.overview(person_id=own_id())
    membership = mine.membership
    reasons = membership.reasons if membership else None
    return render_template(
        "enrollment/membership.html",
        membership=membership,
        cards=mine.cards,
        reportable={Status.ACTIVE, Status.MAILED},
        today=None if membership is None else legal_date(membership.form, doors().clock()),
        notices=texts.notices(reasons.notice_codes) if reasons else [],
        texts=texts,
    )


@pages.route("/activate", methods=["GET", "POST"])
@applicant
def activate() -> ResponseReturnValue:
    """Activate the card that came by mail or over the counter."""
    form = Form(CodesIn)
    if form.sent() and _activated(form):
        return redirect(url_for("membership.overview"), 303)
    return render_form("enrollment/activate.html", form)


@pages.route("/cards/<uuid:card_id>/report", methods=["GET", "POST"])
@applicant
def report(card_id: UUID) -> ResponseReturnValue:
    """Report a card lost or stolen."""
    mine = use_cases().read_own.overview(person_id=own_id())
    if card_id not in {card.id for card in mine.cards}:
        raise NotFound(f"No card {card_id}")
    form = Form(ReportIn)
    if form.sent():
        with contextlib.suppress(AlreadyDone):
            use_cases().report_card(
                card_id, person_id=own_id(), what=Status(form.data["what"]), cause=form.cause
            )
        return redirect(url_for("membership.overview"), 303)
    return render_form("enrollment/report.html", form)


@pages.route("/vehicles", methods=["GET", "POST"])
@applicant
def vehicles() -> ResponseReturnValue:
    """Change the vehicles that one crosses with."""
    membership = use_cases().read_own.membership(person_id=own_id())
    form = Form(VehiclesIn, stored(Step.VEHICLES, membership.form), version=membership.version)
    action, _dash, row = (form.action or "").partition("-")
    if action == "add":
        form.add_row("vehicles")
    elif action == "remove" and row.isdecimal():
        form.remove_row("vehicles", int(row))
    elif form.sent() and _vehicles_saved(form):
        return redirect(url_for("membership.overview"), 303)
    today = legal_date(membership.form, doors().clock())
    rules = Rules.of(doors().policy, membership.program, today)
    return render_form("enrollment/vehicles.html", form, rules=rules)


def _activated(form: Form) -> bool:
    codes = CardCodes(**form.data)
    try:
        use_cases().activate_card(own_id(), codes, cause=form.cause)
    except AlreadyDone:
        return True
    except WrongCode as wrong:
        form.reject_field(
            "",
            ngettext(
                "The number or the code is not right. You have one more try.",
                "The number or the code is not right. You have %(num)s more tries.",
                wrong.left,
            ),
        )
    except NotFound:
        form.reject_field("", _("No card of yours waits for activation."))
    except (TooManyTries, ActivationLapsed, GuardianNeeded) as error:
        form.reject_field("", str(texts.ERROR_TITLES[error.code]))
    return not form.errors


def _vehicles_saved(form: Form) -> bool:
    enrolled = answers_of(Step.VEHICLES, form.data)["vehicles"]
    try:
        use_cases().change_vehicles(own_id(), enrolled, version=form.version, cause=form.cause)
    except AlreadyDone:
        return True
    except FormInvalid as invalid:
        form.reject(texts.spoken(invalid.flaws))
        return False
    return True
