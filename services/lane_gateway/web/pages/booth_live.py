"""What a booth's page fetches while it is open: the stream, and the holders' pictures."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.live import LivePassage, LiveState
from services.lane_gateway.web.booth_page import lane_seat, render_parts
from services.lane_gateway.web.booth_view import booth_view
from services.lane_gateway.web.live_hub import LaneLive
from services.lane_gateway.web.live_metrics import SHOWN
from services.lane_gateway.web.live_stream import Shown, live_stream
from services.lane_gateway.web.parts import hub, parts, reads
from shared.errors import Forbidden, NotFound
from shared.web.access import allow
from shared.web.principal import current_principal

pages = Blueprint("booth_live", __name__, url_prefix="/lanes/<lane>/booth")


@pages.get("/stream")
@allow("booth", "port")
def stream(lane: str) -> ResponseReturnValue:
    """Send the lane's picture at each change, and a beat of its agent between."""
    reads().lane(lane)
    seen = [0]

    def look(timeout: float) -> Shown:
        live = hub().wait(lane, seen[0], timeout)
        fresh = live is not None and live.number != seen[0]
        seen[0] = live.number if live is not None else 0
        view = booth_view(live, hub().now(), seat=lane_seat(lane), holders=parts().holders)

        def render() -> str:
            html = render_parts(view)
            if live is not None and fresh and view.at_work:
                SHOWN.labels(lane).observe(max(0.0, hub().now() - live.came_at))
            return html

        return Shown(key=view, age_ms=view.age_ms if view.at_work else None, render=render)

    return live_stream(look)


@pages.get("/photo/<uuid:passage_id>/<uuid:credential_id>")
@allow("booth", "port")
def photo(lane: str, passage_id: UUID, credential_id: UUID) -> ResponseReturnValue:
    """Give the picture of somebody in a vehicle that is in the lane now, to its officer."""
    if reads().lane(lane).signed_on != current_principal().subject:
        raise Forbidden("Pictures are for the officer who is signed on to the lane")
    if not _in_lane(hub().look(lane), passage_id, credential_id):
        raise NotFound("This vehicle is not in the lane any more")
    record = parts().holders.shown_at_lane(credential_id, passage_id).record
    if record is None or record.photo is None:
        raise NotFound("There is no picture")
    response = Response(record.photo, content_type="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_lane(live: LaneLive | None, passage_id: UUID, credential_id: UUID) -> bool:
    return live is not None and any(
        card.credential_id == credential_id
        for passage in _passages(live.state)
        if passage.passage_id == passage_id
        for card in passage.cards
    )


def _passages(state: LiveState) -> list[LivePassage]:
    there = (state.front, state.passing, *state.approaching)
    return [passage for passage in there if passage is not None]
