"""Opening a lane by hand (R9): with a reason, for so many seconds, with a passkey used for this."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.domain.roster import PasskeyRefused
from services.lane_gateway.use_cases.command_lane import NotSignedOn
from services.lane_gateway.use_cases.override_lane import LONGEST, OtherOfficer
from services.lane_gateway.web.commands import UNSET
from services.lane_gateway.web.parts import hub, parts, reads, use_cases
from services.lane_gateway.web.passkey_parts import answered, ask, request_options
from services.lane_gateway.web.schemas import LONGEST_REASON
from services.lane_gateway.web.texts_passkeys import PROBLEMS
from shared.errors import AlreadyDone, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.principal import current_principal

LOOKS = 10
"""The page asks as often, a second apart, whether the lane has taken an order; then it stops."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The number of the order that was just sent, and how often the page has looked for it."""

    number: int = 0
    look: int = 0


NOTHING_SENT = Sent()

pages = Blueprint("override", __name__, url_prefix="/lanes/<lane>/override")


class OverrideSchema(Schema):
    """An opening by hand, as the page sends it."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_REASON),
        metadata={
            "label": _l("Why the lane must be opened by hand"),
            "hint": _l("It is recorded with your name. Do not write whose card or vehicle it is."),
        },
    )
    seconds = fields.Integer(
        required=True,
        validate=validate.Range(1, LONGEST),
        metadata={
            "label": _l("For how many seconds"),
            "hint": _l("60 at most; then the lane goes on as before by itself"),
        },
    )
    answer = fields.String(load_default="")


@pages.get("")
@allow("booth", "port")
def show(lane: str) -> ResponseReturnValue:
    """Show the form, and the opening that runs or that the lane has not taken yet."""
    return _page(lane, Form(OverrideSchema, {"seconds": 30}), sent=_sent())


@pages.post("/options")
@allow("booth", "port")
def options(lane: str) -> ResponseReturnValue:
    """Say what the officer's passkey shall sign for this lane, reason and time alone."""
    form = Form(OverrideSchema)
    if not form.sent():
        raise InvalidInput(form.errors)
    reads().lane(lane)
    own = parts().use_cases.passkeys.list(current_principal().subject).passkeys
    allowed = [each.passkey.credential_id for each in own if each.on_roster]
    challenge = ask(parts().challenges.officers, *_purpose(lane, form))
    return jsonify(request_options(challenge, allowed))


@pages.post("")
@allow("booth", "port")
def give(lane: str) -> ResponseReturnValue:
    """Open the lane."""
    form = Form(OverrideSchema)
    if not form.sent():
        return _page(lane, form)
    reads().lane(lane)
    order = Command(
        id=0,
        lane=lane,
        kind=CommandKind.OVERRIDE,
        officer=current_principal().subject,
        at=UNSET,
        reason=form.data["reason"],
        seconds=float(form.data["seconds"]),
    )
    try:
        signed = answered(parts().challenges.officers, form.data["answer"], *_purpose(lane, form))
        number = parts().use_cases.passkeys.override(order, signed, cause=form.cause)
    except (PasskeyRefused, OtherOfficer) as error:
        form.reject_field("", str(PROBLEMS[error.code]))
        return _page(lane, form)
    except NotSignedOn:
        form.reject_field("", _("Sign on to the lane first"))
        return _page(lane, form)
    except AlreadyDone:
        return _back(lane)
    return _back(lane, number)


@pages.post("/end")
@allow("booth", "port")
def end(lane: str) -> ResponseReturnValue:
    """End the opening by hand; one press, since it only makes the lane safer."""
    reads().lane(lane)
    officer = current_principal().subject
    use_cases().command(
        Command(id=0, lane=lane, kind=CommandKind.END_OVERRIDE, officer=officer, at=UNSET)
    )
    return _back(lane)


def _purpose(lane: str, form: Form) -> tuple[str, ...]:
    # Browsers write line breaks in two manners, with and without a script.
    reason = " ".join(form.data["reason"].split())
    officer = current_principal().subject
    return ("override", lane, officer, str(form.data["seconds"]), reason)


def _back(lane: str, sent: int | None = None) -> ResponseReturnValue:
    look = 1 if sent is not None else None
    return redirect(url_for("override.show", lane=lane, sent=sent, look=look), 303)


def _sent() -> Sent:
    return Sent(
        number=request.args.get("sent", 0, type=int), look=request.args.get("look", 0, type=int)
    )


def _page(lane: str, form: Form, *, sent: Sent = NOTHING_SENT) -> Response:
    row, live = reads().lane(lane), hub().look(lane)
    at_work = live is not None and live.is_live(hub().now())
    running = live.state.override if live is not None and at_work else None
    refused = live.state.last_command_refused if live is not None and at_work else None
    taken = live is not None and live.state.last_command >= sent.number
    own = parts().use_cases.passkeys.list(current_principal().subject)
    return render_form(
        "lane_gateway/override.html",
        form,
        row=row,
        at_work=at_work,
        running=running,
        on_its_way=at_work and not taken and sent.look <= LOOKS,
        not_taken=not taken and sent.look > LOOKS,
        next_look=url_for("override.show", lane=lane, sent=sent.number, look=sent.look + 1),
        refused=refused,
        has_passkey=any(each.on_roster for each in own.passkeys),
        mine=row.signed_on == current_principal().subject,
    )
