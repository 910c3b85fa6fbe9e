"""Selection by chance: the report of the last days, and the proof of one."""

from services.lane_gateway.domain.selection_proof import prove
from services.lane_gateway.web.api.schemas_selection import SelectionProofOut, SelectionReportOut
from services.lane_gateway.web.pages.selections import report
from services.lane_gateway.web.parts import reads
from shared.web.access import allow
from shared.web.api import ApiBlueprint

api = ApiBlueprint("api_selections", __name__, url_prefix="/api/v1/selections")


@api.route("", methods=["GET"])
@allow("port", "auditor")
@api.response(200, SelectionReportOut)
def read_report() -> object:
    """Read rates, vehicles that went uninspected and yield of the last days."""
    return report()


@api.route("/<lane>/<period>", methods=["GET"])
@allow("port", "auditor")
@api.response(200, SelectionProofOut)
def read_proof(lane: str, period: str) -> object:
    """Read what a proof of one lane's day finds; nothing found means that all draws are proved."""
    recorded = reads().selections.period(reads().lane(lane).lane, period)
    found = prove(recorded)
    return {
        "lane": recorded.lane,
        "period": recorded.period,
        "ppm": recorded.ppm,
        "commitment": recorded.commitment,
        "seed": recorded.seed.hex() if recorded.seed else None,
        "draws": recorded.draws,
        "proved": not found,
        "found": found,
    }
