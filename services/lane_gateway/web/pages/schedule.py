"""A lane's schedule: when it changes its role and opens or closes by itself."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType
from services.lane_gateway.domain.schedule import WEEK, next_turn
from services.lane_gateway.use_cases.plan_lane import PLANNABLE
from services.lane_gateway.web.parts import parts, reads, use_cases
from services.lane_gateway.web.texts import LANE_TYPES, MODES
from services.lane_gateway.web.texts_schedule import WEEKDAYS, days
from shared.errors import AlreadyDone
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import lazy as _l

pages = Blueprint("schedule", __name__, url_prefix="/lanes/<lane>/schedule")


class SwitchSchema(Schema):
    """One switch, as it is typed."""

    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, WEEK - 1)),
        required=True,
        validate=validate.Length(min=1),
        metadata={
            "label": _l("On"),
            "choices": [(str(number), text) for number, text in enumerate(WEEKDAYS)],
        },
    )
    at = fields.Time(
        format="%H:%M",
        required=True,
        metadata={"label": _l("At"), "hint": _l("Hours and minutes of the port, as in 04:00")},
    )
    lane_type = fields.Enum(
        LaneType,
        by_value=True,
        required=True,
        metadata={"label": _l("It becomes"), "choices": list(LANE_TYPES.items())},
    )
    mode = fields.Enum(
        LaneMode,
        by_value=True,
        required=True,
        validate=validate.OneOf(sorted(PLANNABLE)),
        metadata={
            "label": _l("Mode"),
            "choices": [(str(mode), MODES[mode]) for mode in sorted(PLANNABLE)],
        },
    )


@pages.get("")
@allow("port")
def show(lane: str) -> ResponseReturnValue:
    """Show what is planned for the lane, and the form for more."""
    return _page(lane, Form(SwitchSchema))


@pages.post("")
@allow("port")
def add(lane: str) -> ResponseReturnValue:
    """Plan one more change."""
    form = Form(SwitchSchema)
    if form.sent():
        _plan(lane, form)
        return redirect(url_for("schedule.show", lane=lane), 303)
    return _page(lane, form)


@pages.post("/<uuid:switch_id>/remove")
@allow("port")
def remove(lane: str, switch_id: UUID) -> ResponseReturnValue:
    """Take a planned change back."""
    use_cases().plan.remove(lane, switch_id)
    return redirect(url_for("schedule.show", lane=lane), 303)


def _plan(lane: str, form: Form) -> None:
    try:
        use_cases().plan.add(
            lane,
            weekdays=form.data["weekdays"],
            at=form.data["at"],
            mode=form.data["mode"],
            lane_type=form.data["lane_type"],
            cause=form.cause,
        )
    except AlreadyDone:
        return


def _page(lane: str, form: Form) -> Response:
    row = reads().lane(lane)
    planned = reads().switches(row.lane)
    now = parts().settings.web.clock()
    following = next_turn(planned, zone=ZoneInfo(row.zone), now=now)
    return render_form(
        "lane_gateway/schedule.html", form, row=row, planned=planned, next=following, days=days
    )
