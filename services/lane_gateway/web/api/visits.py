"""Visits to secondary inspection."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.visit import PersonResult, VisitStatus
from services.lane_gateway.use_cases.reads import VisitRow
from services.lane_gateway.web.api.schemas import ResultsIn, VisitOut, VisitQuery
from services.lane_gateway.web.parts import reads, use_cases
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.principal import current_principal
from shared.web.versions import versioned, with_etag

api = ApiBlueprint("api_visits", __name__, url_prefix="/api/v1/visits")

OPEN = frozenset(VisitStatus) - {VisitStatus.RELEASED}


@api.route("", methods=["GET"])
@allow("booth", "port", "auditor")
@api.arguments(VisitQuery, location="query")
@api.response(200, VisitOut(many=True))
def list_visits(query: dict[str, Any]) -> object:
    """List the vehicles at secondary, newest first."""
    wanted = OPEN if query["status"] is None else frozenset({query["status"]})
    return reads().visits(wanted, limit=query["limit"])


@api.route("/<uuid:visit_id>", methods=["GET"])
@allow("booth", "port", "auditor")
@api.response(200, VisitOut)
def read_visit(visit_id: UUID) -> ResponseReturnValue:
    """Read one visit with its version."""
    return _answer(reads().visit(visit_id))


@api.route("/<uuid:visit_id>/arrival", methods=["PUT"])
@allow("booth", "port")
@api.response(200, VisitOut)
def arrive(visit_id: UUID) -> ResponseReturnValue:
    """Note that a vehicle has come."""
    use_cases().arrive(visit_id, current_principal().subject)
    return _answer(reads().visit(visit_id))


@api.route("/<uuid:visit_id>/results", methods=["PUT"])
@allow("booth", "port")
@api.arguments(ResultsIn)
@api.response(200, VisitOut)
@versioned
def record_results(data: dict[str, Any], visit_id: UUID, *, version: int) -> Response:
    """Record what was found, person by person."""
    results = tuple(PersonResult(**each) for each in data["results"])
    use_cases().inspect(visit_id, results, current_principal().subject, version=version)
    return _answer(reads().visit(visit_id))


@api.route("/<uuid:visit_id>/release", methods=["PUT"])
@allow("booth", "port")
@api.response(200, VisitOut)
def release(visit_id: UUID) -> ResponseReturnValue:
    """Let an inspected vehicle go."""
    use_cases().release(visit_id, current_principal().subject)
    return _answer(reads().visit(visit_id))


def _answer(visit: VisitRow) -> Response:
    return with_etag(VisitOut().dump(visit), visit.version)
