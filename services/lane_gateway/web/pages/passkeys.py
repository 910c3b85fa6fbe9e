"""An officer's own passkeys: what there are, one more, one less."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.lane_gateway.domain.roster import PasskeyRefused
from services.lane_gateway.use_cases.register_passkey import Owner, PasskeyKnown, TooManyPasskeys
from services.lane_gateway.web.parts import parts
from services.lane_gateway.web.passkey_parts import answered, ask, creation_options
from services.lane_gateway.web.texts_passkeys import PROBLEMS
from shared.errors import Forbidden, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import lazy as _l
from shared.web.principal import Principal, current_principal

pages = Blueprint("passkeys", __name__, url_prefix="/passkeys")

PURPOSE = "add"
LONGEST_LABEL = 60


class PasskeySchema(Schema):
    """A new passkey, as the page sends it."""

    label = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_LABEL),
        metadata={
            "label": _l("What you call it"),
            "hint": _l("For example: blue key, or my phone"),
        },
    )
    answer = fields.String(load_default="")


@pages.get("")
@allow("booth", "port")
def show() -> ResponseReturnValue:
    """Show the officer's own passkeys, and the form for one more."""
    return _page(Form(PasskeySchema))


@pages.post("/options")
@allow("booth", "port")
def options() -> ResponseReturnValue:
    """Say what passkey the browser shall make; not before it has a name."""
    principal, form = by_provider(), Form(PasskeySchema)
    if not form.sent():
        raise InvalidInput(form.errors)
    own = parts().use_cases.passkeys.list(principal.subject).passkeys
    known = [each.passkey.credential_id for each in own]
    return jsonify(creation_options(ask(parts().challenges.officers, PURPOSE), principal, known))


@pages.post("")
@allow("booth", "port")
def add() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    principal, form = by_provider(), Form(PasskeySchema)
    if not form.sent():
        return _page(form)
    owner = Owner(
        officer=principal.subject,
        name=principal.name,
        authority=principal.authority,
        roles=principal.roles,
    )
    try:
        made = answered(parts().challenges.officers, form.data["answer"], PURPOSE)
        parts().use_cases.passkeys.register(owner, form.data["label"], made)
    except (PasskeyRefused, PasskeyKnown, TooManyPasskeys) as error:
        form.reject_field("", str(PROBLEMS[error.code]))
        return _page(form)
    return redirect(url_for("passkeys.show"), 303)


@pages.post("/<uuid:passkey_id>/drop")
@allow("booth", "port")
def drop(passkey_id: UUID) -> ResponseReturnValue:
    """Drop one of one's own."""
    officer = current_principal().subject
    parts().use_cases.passkeys.drop(passkey_id, officer, supervisor=False)
    return redirect(url_for("passkeys.show"), 303)


def by_provider() -> Principal:
    """Return who is signed in by the provider; a passkey makes and confirms no other passkey."""
    principal = current_principal()
    if principal.passkey:
        raise Forbidden("Sign in at the provider for this")
    return principal


def _page(form: Form) -> Response:
    known = parts().use_cases.passkeys.list(current_principal().subject)
    return render_form("lane_gateway/passkeys.html", form, known=known)
