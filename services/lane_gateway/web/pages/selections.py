"""Selection by chance: rates of each lane and day, who went uninspected, yield, and the proof."""

import csv
import io

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.selection_proof import prove
from services.lane_gateway.domain.selection_report import SelectionReport
from services.lane_gateway.web.parts import SELECTIONS_FOR, parts, reads
from services.lane_gateway.web.texts_selection import FLAWS, OUTCOMES
from shared.web.access import allow

pages = Blueprint("selections", __name__, url_prefix="/selections")

COLUMNS = (
    "lane",
    "period",
    "ppm",
    "draws",
    "selected",
    "low",
    "high",
    "within",
    "inspected",
    "skipped",
    "told",
    "commitment",
)


@pages.get("")
@allow("port", "auditor")
def overview() -> ResponseReturnValue:
    """Show the report of the last days; with ``lane`` and ``period``, the proof of one day."""
    lane, period = request.args.get("lane"), request.args.get("period")
    if lane and period:
        return _proof(lane, period)
    return render_template("lane_gateway/selections.html", report=report(), outcomes=OUTCOMES)


@pages.get("/table.csv")
@allow("port", "auditor")
def export() -> ResponseReturnValue:
    """Hand over the table of lanes and days."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in report().periods:
        writer.writerow([_plain(getattr(row, name)) for name in COLUMNS])
    name = {"Content-Disposition": "attachment; filename=selections.csv"}
    return Response(text.getvalue(), mimetype="text/csv", headers=name)


def _proof(lane: str, period: str) -> ResponseReturnValue:
    recorded = reads().selections.period(reads().lane(lane).lane, period)
    return render_template(
        "lane_gateway/selection.html",
        recorded=recorded,
        found=prove(recorded),
        flaws=FLAWS,
        selected=sum(draw.selected for draw in recorded.draws),
    )


def report() -> SelectionReport:
    """Return the report of the last days of all lanes."""
    since = parts().settings.web.clock() - SELECTIONS_FOR
    return reads().selections.report([row.lane for row in reads().lanes()], since=since)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, bool) else value
