"""What sites ask headquarters for: the feed after a number, the snapshot, a display record."""

from typing import Any
from uuid import UUID

from flask import Response, send_file
from marshmallow import Schema, fields, validate

from services.enrollment.web.doors import doors, use_cases
from shared.errors import NotFound
from shared.web.access import site_client
from shared.web.api import ApiBlueprint
from shared.web.principal import require_site

api = ApiBlueprint("api_feed", __name__, url_prefix="/api/v1")
MOST = 1000
SQLITE = "application/vnd.sqlite3"


class SnapshotMissing(NotFound):
    """There is no snapshot yet; the feed can be read from its first entry."""

    code = "snapshot_missing"


class FeedQuery(Schema):
    """Which entries."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**62))
    limit = fields.Integer(load_default=MOST, validate=validate.Range(min=1, max=MOST))


class FeedOut(Schema):
    """Entries in order, the newest position and the newest head."""

    entries = fields.List(fields.Dict(), required=True)
    last = fields.Integer(required=True)
    head = fields.Dict(allow_none=True)


class KeysOut(Schema):
    """Public keys as JWK."""

    keys = fields.List(fields.Dict(), required=True)


class SnapshotOut(Schema):
    """The signed statement of the newest snapshot."""

    statement = fields.Dict(required=True)


class RecordOut(Schema):
    """A display record that the site alone can open."""

    credential_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    record = fields.String(required=True)


@api.route("/feed", methods=["GET"])
@site_client
@api.arguments(FeedQuery, location="query")
@api.response(200, FeedOut)
def entries(query: dict[str, int]) -> object:
    """Give the entries of the credential feed after a number."""
    return doors().queries.feed(after=query["after"], limit=query["limit"])


@api.route("/feed/keys", methods=["GET"])
@site_client
@api.response(200, KeysOut)
def keys() -> object:
    """Give the public keys of the heads, to be pinned at the site."""
    return {"keys": doors().feed_keys()}


@api.route("/snapshot", methods=["GET"])
@site_client
@api.response(200, SnapshotOut)
@api.alt_response(404, "Problem404")
def snapshot() -> dict[str, Any]:
    """Give the signed statement of the newest snapshot."""
    newest = doors().snapshots.newest()
    if newest is None:
        raise SnapshotMissing("There is no snapshot yet")
    return {"statement": newest.statement}


@api.route("/snapshot/<sha256>", methods=["GET"])
@site_client
@api.response(200, content_type=SQLITE)
def snapshot_file(sha256: str) -> Response:
    """Give the file of a snapshot; ranges are answered."""
    found = doors().snapshots.named(sha256)
    if found is None or not found.path.exists():
        raise SnapshotMissing("There is no such snapshot")
    return send_file(
        found.path.resolve(), mimetype=SQLITE, conditional=True, etag=sha256, max_age=0
    )


@api.route("/sites/<site>/credentials/<uuid:credential_id>/record", methods=["GET"])
@site_client
@api.response(200, RecordOut)
def record(site: str, credential_id: UUID) -> object:
    """Give the display record of a card that was read there for the first time."""
    require_site(site)
    return use_cases().read_display_record(site, credential_id)
