"""What a port's report is counted from: the lanes' entries of some days."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.port_report import Crossing, LaneReport, Tally
from services.lane_gateway.persistence.lane_tables import entries
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles

ENDED, CLOSED = "passage_ended", "referral_closed"
OVERRIDE, COMMAND = "override_given", "officer_commanded"
KINDS = (ENDED, CLOSED, OVERRIDE, COMMAND)


class ReportQueries:
    """Counts the entries of a lane."""

    def __init__(self, files: ReadOnlyFiles) -> None:
        self._files = files

    def lane(self, lane: str, since: datetime, until: datetime) -> LaneReport:
        """Return the report of one lane from ``since`` to before ``until``."""
        tally = Tally(lane=lane)
        chosen = select(entries.c.kind, entries.c.body).where(
            entries.c.kind.in_(KINDS), entries.c.at >= since, entries.c.at < until
        )
        for row in self._files.lane(lane, chosen):
            _count(tally, row["kind"], json.loads(row["body"]))
        return tally.report()


def _count(tally: Tally, kind: str, body: Mapping[str, Any]) -> None:
    match kind:
        case "passage_ended":
            tally.crossings.append(_crossing(body))
        case "referral_closed":
            tally.referrals[body["end"]] += 1
        case "override_given":
            tally.overrides += 1
        case "officer_commanded" if body.get("refused") is None:
            tally.look_ups += body["kind"] == CommandKind.ADD_CARD
            tally.plates_by_hand += body["kind"] == CommandKind.CONFIRM_PLATE


def _crossing(body: Mapping[str, Any]) -> Crossing:
    times = body["times"]
    return Crossing(
        end=body["end"],
        verdict=body["verdict"],
        reasons=tuple(body["reasons"]),
        read=_instant(times["read"]),
        shown=_instant(times["shown"]),
        decided=_instant(times["decided"]),
        gate=_instant(times["gate"]),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
