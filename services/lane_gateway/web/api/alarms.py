"""Alarms of the site."""

from typing import Any
from uuid import UUID

from services.lane_gateway.web.api.schemas import AlarmOut, AlarmQuery
from services.lane_gateway.web.parts import ALARMS_FOR, parts, reads, use_cases
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.principal import current_principal

api = ApiBlueprint("api_alarms", __name__, url_prefix="/api/v1/alarms")


@api.route("", methods=["GET"])
@allow("port", "auditor")
@api.arguments(AlarmQuery, location="query")
@api.response(200, AlarmOut(many=True))
def list_alarms(query: dict[str, Any]) -> object:
    """List the alarms of the last seven days, newest first; go on with ``before``."""
    since = parts().settings.web.clock() - ALARMS_FOR
    rows = reads().alarms(since=since, only_open=query["open"])
    before = query["before"]
    return [row for row in rows if before is None or row.at < before][: query["limit"]]


@api.route("/<uuid:alarm_id>/acknowledgement", methods=["PUT"])
@allow("port")
@api.response(200, AlarmOut)
def acknowledge(alarm_id: UUID) -> object:
    """Note that the caller has looked at an alarm; the first one counts."""
    use_cases().acknowledge(alarm_id, current_principal().subject)
    return reads().alarm(alarm_id)
