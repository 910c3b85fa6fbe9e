"""Lanes: how they are set and staffed, what happens there now, and officers' commands."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LivePassage
from services.lane_gateway.use_cases.reads import LaneRow
from services.lane_gateway.web.api.schemas import (
    CommandIn,
    CommandOut,
    LaneOut,
    LiveOut,
    ModeIn,
)
from services.lane_gateway.web.commands import send_command
from services.lane_gateway.web.parts import hub, reads, use_cases
from services.lane_gateway.web.words import word_of
from shared.events import RequestCause
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent
from shared.web.principal import current_principal
from shared.web.versions import require_version, versioned, with_etag

api = ApiBlueprint("api_lanes", __name__, url_prefix="/api/v1/lanes")


@api.route("", methods=["GET"])
@allow("booth", "port", "auditor")
@api.response(200, LaneOut(many=True))
def list_lanes() -> object:
    """List the lanes of the site."""
    return [_lane(row) for row in reads().lanes()]


@api.route("/<lane>", methods=["GET"])
@allow("booth", "port", "auditor")
@api.response(200, LaneOut)
def read_lane(lane: str) -> ResponseReturnValue:
    """Read one lane with its version."""
    row = reads().lane(lane)
    return with_etag(LaneOut().dump(_lane(row)), row.version)


@api.route("/<lane>/live", methods=["GET"])
@allow("booth", "port", "auditor")
@api.response(200, LiveOut)
def read_live(lane: str) -> object:
    """Read what the lane's agent says now; nothing of a lane that is not live."""
    reads().lane(lane)
    live, now = hub().look(lane), hub().now()
    spoken = word_of(live, now)
    if live is None or not live.is_live(now):
        empty: dict[str, object] = {"faults": [], "approaching": []}
        return empty | {"lane": lane, "live": False, "word": spoken.word.value}
    state = live.state
    told = ("mode", "health", "gate", "faults", "reader_live", "camera_live", "at")
    age = live.age(now) or 0.0
    return {
        **{name: getattr(state, name) for name in told},
        "lane": lane,
        "live": True,
        "word": spoken.word.value,
        "age_ms": round(age * 1000),
        "list_number": state.card_list.number,
        "list_age_s": state.card_list.age_s,
        "front": _passage(state.front),
        "passing": _passage(state.passing),
        "approaching": [_passage(each) for each in state.approaching],
        "last_command": state.last_command,
        "last_command_refused": state.last_command_refused,
    }


@api.route("/<lane>/commands", methods=["POST"])
@allow("booth", "port")
@api.arguments(CommandIn)
@api.response(202, CommandOut)
@idempotent(again=lambda result: _told(int(result or 0)))
def command(data: dict[str, object], lane: str, *, cause: RequestCause) -> object:
    """Tell the lane something; its live picture says what became of it."""
    number = send_command(lane, current_principal().subject, data, cause=cause)
    return _told(number)


@api.route("/<lane>/officer", methods=["PUT"])
@allow("booth", "port")
@api.response(200, LaneOut)
def sign_on(lane: str) -> object:
    """Take over the lane."""
    use_cases().sign_on(lane, current_principal().subject)
    return _lane(reads().lane(lane))


@api.route("/<lane>/officer", methods=["DELETE"])
@allow("booth", "port")
@api.response(204)
def sign_off(lane: str) -> None:
    """Leave the lane; a port supervisor takes an officer off it."""
    principal = current_principal()
    use_cases().sign_off(lane, principal.subject, supervisor=principal.has("port"))


@api.route("/<lane>/mode", methods=["PUT"])
@allow("port")
@api.arguments(ModeIn)
@api.response(200, LaneOut)
@versioned
def set_mode(data: dict[str, str], lane: str, *, version: int) -> Response:
    """Open or close the lane, from the next vehicle on."""
    require_version(version, reads().lane(lane).version)
    use_cases().set_mode(lane, LaneMode(data["mode"]))
    row = reads().lane(lane)
    return with_etag(LaneOut().dump(_lane(row)), row.version)


def _told(number: int) -> dict[str, object]:
    return {"number": number, "lane": (request.view_args or {})["lane"]}


def _lane(row: LaneRow) -> dict[str, object]:
    live = hub().look(row.lane)
    is_live = live is not None and live.is_live(hub().now())
    return {name: getattr(row, name) for name in LaneRow.__dataclass_fields__} | {"live": is_live}


def _passage(passage: LivePassage | None) -> dict[str, object] | None:
    if passage is None:
        return None
    told = ("passage_id", "state", "verdict", "reasons", "cards_counted", "counted")
    more = ("authorisation", "decided_at")
    return {name: getattr(passage, name) for name in (*told, *more)} | {
        "credential_ids": [card.credential_id for card in passage.cards if card.credential_id]
    }
