"""Holds in force: lift them with a reason, give them more time, decide the case behind them."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.vetting.web.error_texts import reject
from services.vetting.web.schemas import ExtensionForm, ReasonIn
from services.vetting.web.serving import queries, staff, use_cases
from shared.errors import AlreadyDone, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.kit import current_kit

pages = Blueprint("holds", __name__, url_prefix="/holds")


@pages.get("")
@allow("officer", "supervisor", "auditor")
def list_holds() -> ResponseReturnValue:
    """Show holds in force and those lifted last."""
    return render_template(
        "vetting/holds.html",
        placed=queries().holds(),
        lifted=queries().holds(lifted=True)[:20],
    )


@pages.route("/<uuid:hold_id>/lift", methods=["GET", "POST"])
@allow("officer", "supervisor")
def lift(hold_id: UUID) -> ResponseReturnValue:
    """Free the member, with a reason."""
    form = Form(ReasonIn)
    if form.sent():
        try:
            use_cases().lift_hold(hold_id, form.data["reason"], staff=staff(), cause=form.cause)
        except AlreadyDone:
            return _back()
        except InvalidInput as error:
            reject(form, error)
        else:
            return _back()
    return render_form("vetting/lift.html", form, hold=queries().hold(hold_id))


@pages.route("/<uuid:hold_id>/extension", methods=["GET", "POST"])
@allow("supervisor")
def extend(hold_id: UUID) -> ResponseReturnValue:
    """Give the review more time, with a reason."""
    form = Form(ExtensionForm)
    if form.sent():
        until = current_kit().settings.clock() + timedelta(days=form.data["days"])
        try:
            use_cases().extend_hold(
                hold_id, until, form.data["reason"], staff=staff(), cause=form.cause
            )
        except AlreadyDone:
            return _back()
        except InvalidInput as error:
            reject(form, InvalidInput({_field(n): codes for n, codes in error.fields.items()}))
        else:
            return _back()
    return render_form("vetting/extension.html", form, hold=queries().hold(hold_id))


def _field(name: str) -> str:
    return "days" if name == "until" else name


def _back() -> ResponseReturnValue:
    return redirect(url_for("holds.list_holds"), 303)
