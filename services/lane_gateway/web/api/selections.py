"""Selection by chance: the report of the last days."""

from services.lane_gateway.web.api.schemas_selection import SelectionReportOut
from services.lane_gateway.web.pages.selections import report
from shared.web.access import allow
from shared.web.api import ApiBlueprint

api = ApiBlueprint("api_selections", __name__, url_prefix="/api/v1/selections")


@api.route("", methods=["GET"])
@allow("port", "auditor")
@api.response(200, SelectionReportOut)
def read_report() -> object:
    """Read rates, vehicles that went uninspected and yield of the last days."""
    return report()
