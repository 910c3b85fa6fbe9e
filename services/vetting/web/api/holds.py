"""Holds as JSON."""

from typing import Any
from uuid import UUID

from flask import Response

from services.vetting.web.schemas import ExtensionIn, ReasonIn
from services.vetting.web.serving import queries, staff, use_cases
from services.vetting.web.shapes import HoldOut
from shared.events import RequestCause
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent
from shared.web.versions import with_etag

api = ApiBlueprint("hold_api", __name__, url_prefix="/api/v1/holds")


def _hold(hold_id: UUID) -> Response:
    row = queries().hold(hold_id)
    return with_etag(HoldOut().dump(row), row.version)


def _again(result: str | None) -> Response:
    return _hold(UUID(result))


@api.route("", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.response(200, HoldOut(many=True))
def list_holds() -> object:
    """Return the holds in force, those that end first in front."""
    return queries().holds()


@api.route("/<uuid:hold_id>", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.response(200, HoldOut)
def read_hold(hold_id: UUID) -> object:
    """Return one hold."""
    return _hold(hold_id)


@api.route("/<uuid:hold_id>/lift", methods=["POST"])
@allow("officer", "supervisor")
@api.arguments(ReasonIn)
@api.response(200, HoldOut)
@idempotent(again=_again)
def lift(data: dict[str, Any], hold_id: UUID, *, cause: RequestCause) -> object:
    """Free the member, with a reason."""
    use_cases().lift_hold(hold_id, data["reason"], staff=staff(), cause=cause)
    return _hold(hold_id)


@api.route("/<uuid:hold_id>/extension", methods=["POST"])
@allow("supervisor")
@api.arguments(ExtensionIn)
@api.response(200, HoldOut)
@idempotent(again=_again)
def extend(data: dict[str, Any], hold_id: UUID, *, cause: RequestCause) -> object:
    """Give the review more time, with a reason."""
    use_cases().extend_hold(hold_id, data["until"], data["reason"], staff=staff(), cause=cause)
    return _hold(hold_id)
