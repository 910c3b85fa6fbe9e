"""Alarms of the port: what somebody must look at, and who has."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.web.parts import ALARMS_FOR, parts, reads, use_cases
from shared.web.access import allow
from shared.web.principal import current_principal

pages = Blueprint("alarms", __name__, url_prefix="/alarms")


@pages.get("")
@allow("port", "auditor")
def overview() -> ResponseReturnValue:
    """List the alarms of the last days."""
    since = parts().settings.web.clock() - ALARMS_FOR
    rows = reads().alarms(since=since, only_open=False)
    may_run = current_principal().has("port")
    return render_template("lane_gateway/alarms.html", rows=rows, may_run=may_run)


@pages.post("/<uuid:alarm_id>/acknowledge")
@allow("port")
def acknowledge(alarm_id: UUID) -> ResponseReturnValue:
    """Note that the supervisor has looked at an alarm."""
    use_cases().acknowledge(alarm_id, current_principal().subject)
    return redirect(url_for("alarms.overview"), 303)
