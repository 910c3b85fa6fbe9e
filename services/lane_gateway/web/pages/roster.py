"""All passkeys of the port's officers: a supervisor confirms them, and drops them at once."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.web.pages.passkeys import by_provider
from services.lane_gateway.web.parts import parts
from shared.web.access import allow
from shared.web.principal import current_principal

pages = Blueprint("roster", __name__, url_prefix="/roster")


@pages.get("")
@allow("port", "auditor")
def show() -> ResponseReturnValue:
    """Show whose passkeys there are, and how long the roster holds."""
    known = parts().use_cases.passkeys.list()
    return render_template("lane_gateway/roster.html", known=known)


@pages.post("/<uuid:passkey_id>/confirm")
@allow("port")
def confirm(passkey_id: UUID) -> ResponseReturnValue:
    """Confirm another officer's passkey."""
    parts().use_cases.passkeys.confirm(passkey_id, by_provider().subject)
    return redirect(url_for("roster.show"), 303)


@pages.post("/<uuid:passkey_id>/drop")
@allow("port")
def drop(passkey_id: UUID) -> ResponseReturnValue:
    """Drop anybody's passkey; its sessions end with it."""
    supervisor = current_principal().subject
    parts().use_cases.passkeys.drop(passkey_id, supervisor, supervisor=True)
    return redirect(url_for("roster.show"), 303)
