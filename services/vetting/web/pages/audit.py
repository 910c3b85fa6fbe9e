"""The audit as auditors and supervisors read it: ids, digests and purposes, never values."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from services.vetting.web.serving import queries
from shared.audit.reading import PAGE
from shared.audit.words import Sought
from shared.web.access import allow
from shared.web.language import lazy as _l

pages = Blueprint("audit", __name__, url_prefix="/audit")


class SoughtIn(Schema):
    """Which entries are wanted; empty fields leave open."""

    actor = fields.String(load_default="", validate=Length(max=120), metadata={"label": _l("Who")})
    event = fields.String(load_default="", validate=Length(max=60), metadata={"label": _l("What")})
    subject = fields.String(
        load_default="", validate=Length(max=120), metadata={"label": _l("About")}
    )
    before = fields.Integer(load_default=None, allow_none=True, validate=Range(min=1))


@pages.get("")
@allow("auditor", "supervisor")
def entries() -> ResponseReturnValue:
    """Show entries, the newest first."""
    given = {name: text for name, text in request.args.items() if text}
    wanted: dict[str, Any] = SoughtIn().load(given)
    sought = Sought(**{name: value or None for name, value in wanted.items()})
    found = queries().audit(sought)
    return render_template(
        "vetting/audit.html",
        entries=found,
        wanted=wanted,
        older=found[-1].number if len(found) == PAGE else None,
    )
