"""The way in for the port's officers that needs nobody outside this host: a passkey."""

from urllib.parse import urlsplit

from flask import Blueprint, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.roster import PasskeyRefused
from services.lane_gateway.web.parts import parts
from services.lane_gateway.web.passkey_parts import answered, ask, request_options
from services.lane_gateway.web.texts_passkeys import PROBLEMS
from shared.web.access import public
from shared.web.kit import current_kit
from shared.web.principal import Principal
from shared.web.sessions import begin_session
from shared.web.sign_in import local_address, show_doors

pages = Blueprint("passkey_door", __name__, url_prefix="/passkey")

PURPOSE = "sign in"


@pages.post("/options")
@public
def options() -> ResponseReturnValue:
    """Say what the browser shall have signed; by any passkey of this port."""
    return jsonify(request_options(ask(parts().challenges.door, PURPOSE)))


@pages.post("")
@public
def enter() -> ResponseReturnValue:
    """Let the passkey's officer in, with the roles of the roster."""
    then = local_address(request.form.get("then"))
    try:
        assertion = answered(parts().challenges.door, request.form.get("answer", ""), PURPOSE)
        proven = parts().use_cases.passkeys.prove(assertion, purpose="signed_in")
    except PasskeyRefused as error:
        return make_response(show_doors(then, PROBLEMS[error.code]), error.status)
    principal = Principal(
        issuer="staff",
        subject=proven.officer,
        authority=proven.authority,
        name=proven.name,
        roles=proven.roles,
        passkey=proven.digest,
    )
    begin_session(principal, now=current_kit().settings.clock())
    return redirect(_after(then), 303)


def _after(then: str | None) -> str:
    home = url_for("kit.home")
    return then if then is not None and not _is_door(then) else home


def _is_door(address: str) -> bool:
    return urlsplit(address).path.rstrip("/").endswith(("/sign-in", "/signed-out"))
