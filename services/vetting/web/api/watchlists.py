"""Watchlists as JSON."""

from services.vetting.web.serving import queries
from services.vetting.web.shapes import ListOut
from shared.web.access import allow
from shared.web.api import ApiBlueprint

api = ApiBlueprint("list_api", __name__, url_prefix="/api/v1/watchlists")


@api.route("", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.response(200, ListOut(many=True))
def list_watchlists() -> object:
    """Return all lists with their current versions."""
    return queries().lists()
