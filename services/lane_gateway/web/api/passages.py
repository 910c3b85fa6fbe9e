"""Passages: the vehicles that went through, and the record of each."""

from uuid import UUID

from services.lane_gateway.use_cases.reads import PassagesSought
from services.lane_gateway.web.api.schemas import PassagePageOut, PassageQuery, PassageRecordOut
from services.lane_gateway.web.cursors import read_cursor, write_cursor
from services.lane_gateway.web.parts import reads
from shared.errors import InvalidInput
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.language import gettext as _

api = ApiBlueprint("api_passages", __name__, url_prefix="/api/v1/passages")


@api.route("", methods=["GET"])
@allow("port", "auditor")
@api.arguments(PassageQuery, location="query")
@api.response(200, PassagePageOut)
def list_passages(query: dict[str, object]) -> object:
    """List passages that are over, newest first."""
    before, lane = query["before"], _text(query["lane"])
    if lane is not None and lane not in [row.lane for row in reads().lanes()]:
        raise InvalidInput({"lane": [_("There is no such lane.")]})
    sought = PassagesSought(
        lane=lane,
        verdict=_text(query["verdict"]),
        end=_text(query["end"]),
        before=read_cursor(_text(before)),
    )
    page = reads().passages(sought, limit=int(str(query["limit"])))
    older = write_cursor(page.older) if page.older is not None else None
    return {"passages": page.rows, "older": older}


@api.route("/<uuid:passage_id>", methods=["GET"])
@allow("port", "auditor")
@api.response(200, PassageRecordOut)
def read_passage(passage_id: UUID) -> object:
    """Read the record of one passage, without any person."""
    return reads().passage(passage_id, opened=False)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
