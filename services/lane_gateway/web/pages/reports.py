"""The port's report: what its lanes did over some days, without any person."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.port_report import GENERAL_LANE_SECONDS, LaneReport, Spread
from services.lane_gateway.web.parts import parts, reads
from services.lane_gateway.web.texts_report import PERIODS
from shared.web.access import allow

pages = Blueprint("reports", __name__, url_prefix="/reports")

USUAL = 7
COUNTED = ("clear", "refer", "redirect", "none")
SPREADS = ("read_to_shown", "read_to_decided", "read_to_gate")


@pages.get("")
@allow("port", "auditor")
def overview() -> ResponseReturnValue:
    """Show the numbers of each lane over the last days."""
    days = _days()
    return render_template(
        "lane_gateway/reports.html",
        days=days,
        periods=PERIODS,
        reports=report(days),
        general=GENERAL_LANE_SECONDS,
    )


@pages.get("/table.csv")
@allow("port", "auditor")
def export() -> ResponseReturnValue:
    """Hand over the numbers as a table, one row for each lane."""
    days = _days()
    rows = [_row(one) for one in report(days)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=_columns())
    writer.writeheader()
    writer.writerows(rows)
    name = {"Content-Disposition": f"attachment; filename=lanes-{days}-days.csv"}
    return Response(text.getvalue(), mimetype="text/csv", headers=name)


def report(days: int) -> Sequence[LaneReport]:
    """Return the numbers of all lanes over the last ``days`` days up to now."""
    until = parts().settings.web.clock()
    since = until - timedelta(days=days)
    return [reads().report(row.lane, since=since, until=until) for row in reads().lanes()]


def _days() -> int:
    asked = request.args.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else USUAL


def _columns() -> list[str]:
    times = [f"{name}_{part}_s" for name in SPREADS for part in ("median", "ninetieth")]
    counts = ["vehicles", *COUNTED, "overrides", "look_ups", "plates_by_hand"]
    return ["lane", *counts, *times, "minutes_saved"]


def _row(one: LaneReport) -> dict[str, object]:
    row: dict[str, object] = {
        "lane": one.lane,
        "vehicles": one.vehicles,
        "overrides": one.overrides,
        "look_ups": one.look_ups,
        "plates_by_hand": one.plates_by_hand,
        "minutes_saved": round(one.minutes_saved, 1),
    }
    row |= {verdict: one.verdicts.get(verdict, 0) for verdict in COUNTED}
    for name in SPREADS:
        spread: Spread | None = getattr(one, name)
        told = asdict(spread) if spread else {}
        for part in ("median", "ninetieth"):
            row[f"{name}_{part}_s"] = round(told[part], 2) if told else ""
    return row
