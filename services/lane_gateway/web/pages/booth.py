"""The booth: one lane on one screen, and what its officer tells the lane."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.web.booth_page import command_form, lane_seat, render_booth, see_booth
from services.lane_gateway.web.commands import OtherVehicle, send_command
from services.lane_gateway.web.parts import use_cases
from shared.errors import AlreadyDone, InvalidInput, KeyReused
from shared.web.access import allow
from shared.web.language import gettext as _
from shared.web.principal import current_principal

pages = Blueprint("booth", __name__, url_prefix="/lanes/<lane>")


@pages.get("/booth")
@allow("booth", "port")
def show(lane: str) -> ResponseReturnValue:
    """Show the lane as it is now."""
    return render_booth(see_booth(lane_seat(lane)), paused=request.args.get("paused") == "yes")


@pages.post("/booth/command")
@allow("booth", "port")
def command(lane: str) -> ResponseReturnValue:
    """Tell the lane what becomes of the vehicle."""
    form = command_form()
    if form.sent():
        try:
            send_command(lane, current_principal().subject, form.data, cause=form.cause)
        except InvalidInput as error:
            form.reject(error)
        except OtherVehicle:
            form.reject_field("", _("The vehicle at the gate is another one now. Look again."))
        except (AlreadyDone, KeyReused):  # a second press of a button: the first one counts
            return _back(lane)
        else:
            return _back(lane)
    return render_booth(see_booth(lane_seat(lane)), form)


@pages.post("/sign-on")
@allow("booth", "port")
def sign_on(lane: str) -> ResponseReturnValue:
    """Take over the lane."""
    use_cases().sign_on(lane, current_principal().subject)
    return _back(lane)


@pages.post("/sign-off")
@allow("booth", "port")
def sign_off(lane: str) -> ResponseReturnValue:
    """Leave the lane; a port supervisor takes an officer off it."""
    principal = current_principal()
    use_cases().sign_off(lane, principal.subject, supervisor=principal.has("port"))
    return redirect(url_for("lanes.overview"), 303)


def _back(lane: str) -> ResponseReturnValue:
    return redirect(url_for("booth.show", lane=lane), 303)
