"""The checkpoints that a service keeps of others' audit chains, for whoever wants to check.

A checkpoint is a number, two hashes, a time and a signature: it names nobody. Everybody may read
it, since a witness that only the suspect can ask is none.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length

from shared.web.access import public
from shared.web.api import ApiBlueprint

LONGEST_CHAIN = 80

Read = Callable[[str], Sequence[Mapping[str, object]]]


class ChainQuery(Schema):
    """Which chain is asked for, such as ``/vetting`` or ``/lane_gateway/sym/desk``."""

    chain = fields.String(required=True, validate=Length(min=1, max=LONGEST_CHAIN))


class CheckpointOut(Schema):
    """One checkpoint, as ``audit verify --witness`` reads it."""

    chain = fields.String()
    entry_number = fields.Integer()
    hash = fields.String()
    at = fields.String()
    kid = fields.String()
    signature = fields.String()


def witness_api(read: Read) -> ApiBlueprint:
    """Return the interface; ``read`` gives the kept checkpoints of a chain, the newest first."""
    api = ApiBlueprint("witnesses", __name__, url_prefix="/api/v1/witnesses")

    @api.route("", methods=["GET"])
    @public
    @api.arguments(ChainQuery, location="query")
    @api.response(200, CheckpointOut(many=True))
    def list_checkpoints(query: dict[str, Any]) -> object:
        """Return what is kept of a chain; an empty list where nothing is."""
        return read(query["chain"])

    return api
