"""Passages: the vehicles that went through, and the record of each."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.use_cases.reads import PassagePage, PassageRecord, PassagesSought
from services.lane_gateway.web.cursors import read_cursor, write_cursor
from services.lane_gateway.web.holders import Holder
from services.lane_gateway.web.parts import parts, reads, use_cases
from services.lane_gateway.web.record_lines import record_lines
from services.lane_gateway.web.texts import VERDICTS
from shared.web.access import allow
from shared.web.purpose import asks_purpose

pages = Blueprint("passages", __name__, url_prefix="/passages")

PAGE = 25


@pages.get("")
@allow("port", "auditor")
def overview() -> ResponseReturnValue:
    """List passages, newest first."""
    lane, verdict = request.args.get("lane") or None, request.args.get("verdict") or None
    lanes = [row.lane for row in reads().lanes()]
    sought = PassagesSought(
        lane=lane if lane in lanes else None,
        verdict=verdict if verdict in VERDICTS else None,
        before=read_cursor(request.args.get("before")),
    )
    page = reads().passages(sought, limit=PAGE)
    return render_template(
        "lane_gateway/passages.html",
        page=page,
        sought=sought,
        lanes=lanes,
        older=_older(page, sought),
    )


@pages.get("/<uuid:passage_id>")
@allow("port", "auditor")
def show(passage_id: UUID) -> ResponseReturnValue:
    """Show the record of a passage without any person."""
    return _page(reads().passage(passage_id, opened=False), {}, opened=False)


@pages.get("/<uuid:passage_id>/opened")
@allow("port", "auditor")
@asks_purpose
def opened(passage_id: UUID, *, purpose: str) -> ResponseReturnValue:
    """Show the record with its people, plates and officers' words."""
    record = use_cases().show_passage(passage_id, purpose=purpose)
    holders = {
        each: parts().holders.shown_for(each, passage_id, purpose=purpose)
        for each in record.credential_ids
    }
    return _page(record, holders, opened=True)


def _page(
    record: PassageRecord, holders: dict[UUID, Holder], *, opened: bool
) -> ResponseReturnValue:
    return render_template(
        "lane_gateway/passage.html",
        record=record,
        lines=record_lines(record.entries),
        holders=holders,
        opened=opened,
    )


def _older(page: PassagePage, sought: PassagesSought) -> str | None:
    if page.older is None:
        return None
    return url_for(
        "passages.overview",
        lane=sought.lane,
        verdict=sought.verdict,
        before=write_cursor(page.older),
    )
