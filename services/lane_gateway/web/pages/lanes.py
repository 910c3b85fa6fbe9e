"""The lanes of the port: an officer chooses one, a port supervisor runs them all."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.web.lanes_view import port_view
from services.lane_gateway.web.live_hub import numbers_of
from services.lane_gateway.web.live_stream import Shown, live_stream
from services.lane_gateway.web.parts import hub, use_cases
from shared.errors import InvalidInput
from shared.web.access import allow
from shared.web.language import gettext as _
from shared.web.principal import current_principal

pages = Blueprint("lanes", __name__, url_prefix="/lanes")

SETTABLE = (LaneMode.CLOSED, LaneMode.ATTENDED)
"""The modes of this page; the two without an officer in the booth come by policy alone."""


@pages.get("")
@allow("booth", "port", "auditor")
def overview() -> ResponseReturnValue:
    """Show the lanes as they are now."""
    view = port_view(hub().all(), current_principal())
    return render_template("lane_gateway/lanes.html", view=view)


@pages.get("/stream")
@allow("booth", "port", "auditor")
def stream() -> ResponseReturnValue:
    """Send the lanes at each change."""
    seen: dict[str, int] = {}

    def look(timeout: float) -> Shown:
        lives = hub().wait_any(seen, timeout)
        seen.clear()
        seen.update(numbers_of(lives))
        view = port_view(lives, current_principal())
        # What fails is the web or the line: each lane says for itself whether it is live.
        render = partial(render_template, "lane_gateway/lanes_live.html", view=view)
        return Shown(key=view, age_ms=0, render=render)

    return live_stream(look)


@pages.post("/<lane>/mode")
@allow("port")
def set_mode(lane: str) -> ResponseReturnValue:
    """Open or close a lane, from the next vehicle on."""
    mode = request.form.get("mode", "")
    if mode not in SETTABLE:
        raise InvalidInput({"mode": [_("Choose one of the answers offered.")]})
    use_cases().set_mode(lane, LaneMode(mode))
    return redirect(url_for("lanes.overview"), 303)
