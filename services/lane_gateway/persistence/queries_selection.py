"""The lanes' draws by chance, read from their records and the desk's inspections."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from services.lane_gateway.domain.admission import Reason, Verdict
from services.lane_gateway.domain.selection_proof import RecordedDraw, RecordedPeriod
from services.lane_gateway.domain.selection_report import (
    Outcome,
    PeriodRow,
    SelectedVehicle,
    SelectionReport,
    YieldRow,
)
from services.lane_gateway.persistence.desk_tables import mailboxes
from services.lane_gateway.persistence.lane_tables import entries
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from shared.errors import NotFound

COMMITTED, REVEALED = "selection_committed", "selection_revealed"
DRAWN, CARRIED = "vehicle_drawn", "selection_carried"
AUTHORISED, DECIDED, ENDED = "passage_authorised", "passage_decided", "passage_ended"
INSPECTED = "lane_gateway.inspection_recorded.v1"
_LET_THROUGH = {
    "secondary": Outcome.SECONDARY,
    "after_checks": Outcome.AFTER_CHECKS,
    "redirect": Outcome.REDIRECT,
}


class SelectionQueries:
    """Reads draws, what became of the selected vehicles, and what inspections found."""

    def __init__(self, files: ReadOnlyFiles) -> None:
        self._files = files

    def report(self, lanes: Sequence[str], *, since: datetime) -> SelectionReport:
        """Return the periods that began since then, and the inspections of that time."""
        rows = [row for lane in lanes for row in self._periods(lane, since)]
        return SelectionReport(
            periods=sorted(sorted(rows, key=lambda row: row.lane), key=_day, reverse=True),
            yields=self._yields(lanes, since),
        )

    def periods(self, lane: str) -> Sequence[str]:
        """Return the days of the lane's periods, oldest first."""
        return [row["body"]["period"] for row in self._of(lane, COMMITTED)]

    def period(self, lane: str, period: str) -> RecordedPeriod:
        """Return all that the record has of one period, or raise ``NotFound``."""
        begun = [row for row in self._of(lane, COMMITTED) if row["body"]["period"] == period]
        if not begun:
            raise NotFound(f"Lane {lane} drew nothing on {period}")
        first, body = begun[0], begun[0]["body"]
        after = entries.c.number > first["number"]
        told = [row for row in self._of(lane, REVEALED, after) if row["body"]["period"] == period]
        end = told[0] if told else None
        return RecordedPeriod(
            lane=lane,
            period=period,
            ppm=body["ppm"],
            version=body["version"],
            commitment=body["commitment"],
            entry=first["number"],
            seed=bytes.fromhex(end["body"]["seed"]) if end else None,
            told=end["body"]["draws"] if end else None,
            draws=[_draw(row) for row in self._of(lane, DRAWN, _in(period))],
            undrawn=self._undrawn(lane, first["number"], end["number"]) if end else (),
        )

    def _periods(self, lane: str, since: datetime) -> Iterator[PeriodRow]:
        told = {row["body"]["period"] for row in self._of(lane, REVEALED, entries.c.at >= since)}
        for row in self._of(lane, COMMITTED, entries.c.at >= since):
            body, after = row["body"], entries.c.number > row["number"]
            mine = and_(after, _in(body["period"]))
            count = select(func.count().label("count")).where(entries.c.kind == DRAWN, mine)
            chosen = func.json_extract(entries.c.body, "$.selected") == 1
            selected = self._of(lane, DRAWN, and_(mine, chosen))
            carried = {each["body"]["number"]: each for each in self._of(lane, CARRIED, mine)}
            yield PeriodRow(
                lane=lane,
                period=body["period"],
                ppm=body["ppm"],
                commitment=body["commitment"],
                told=body["period"] in told,
                draws=int(self._files.lane(lane, count)[0]["count"]),
                selected=len(selected),
                vehicles=[
                    self._vehicle(lane, carried.get(each["body"]["number"], each))
                    for each in selected
                ],
            )

    def _vehicle(self, lane: str, drawn: Mapping[str, Any]) -> SelectedVehicle:
        """Return what became of a vehicle at its last visit to the lane."""
        passage, body = drawn["passage_id"], drawn["body"]
        mine = select(entries).where(entries.c.passage_id == passage)
        told = list(map(_opened, self._files.lane(lane, mine.order_by(entries.c.number))))
        ends = [row for row in told if row["kind"] == ENDED]
        return SelectedVehicle(
            passage_id=UUID(passage),
            lane=lane,
            period=body["period"],
            number=body["number"],
            outcome=_outcome(ends[-1]["body"]) if ends else Outcome.OPEN,
            officer=ends[-1]["body"]["officer"] if ends else None,
            reason_given=any(_has_reason(row) for row in told),
            at=ends[-1]["at"] if ends else drawn["at"],
        )

    def _undrawn(self, lane: str, first: int, last: int) -> Sequence[UUID]:
        said = func.json_extract(entries.c.body, "$.decision.verdict") == Verdict.CLEAR.value
        during = entries.c.number.between(first, last)
        drawn = select(entries.c.passage_id).where(entries.c.kind.in_((DRAWN, CARRIED)))
        clear = select(entries.c.passage_id).where(entries.c.kind == DECIDED, during, said)
        missing = clear.where(entries.c.passage_id.not_in(drawn)).distinct()
        return [UUID(row["passage_id"]) for row in self._files.lane(lane, missing)]

    def _yields(self, lanes: Sequence[str], since: datetime) -> Sequence[YieldRow]:
        """Count inspections; what secondary found is kept at the site for a week."""
        outbox = mailboxes.outbox
        chosen = select(outbox.c.body).where(outbox.c.type == INSPECTED, outbox.c.at >= since)
        counts = {True: [0, 0], False: [0, 0]}
        for row in self._files.desk(chosen):
            if row["body"] is None:
                continue
            found = any(each["result"] == "violation" for each in row["body"]["persons"])
            count = counts[self._was_drawn(lanes, row["body"]["passage_id"])]
            count[0] += 1
            count[1] += found
        return [
            YieldRow(by_chance=by_chance, inspected=inspected, violations=violations)
            for by_chance, (inspected, violations) in counts.items()
        ]

    def _was_drawn(self, lanes: Sequence[str], passage_id: str) -> bool:
        mine = select(entries).where(entries.c.passage_id == passage_id, entries.c.kind == ENDED)
        found = [_opened(row) for lane in lanes for row in self._files.lane(lane, mine)]
        return any(Reason.RANDOM_SELECTION.value in row["body"]["reasons"] for row in found)

    def _of(
        self, lane: str, kind: str, where: ColumnElement[bool] | None = None
    ) -> Sequence[Mapping[str, Any]]:
        chosen: Select[Any] = select(entries).where(entries.c.kind == kind)
        if where is not None:
            chosen = chosen.where(where)
        return list(map(_opened, self._files.lane(lane, chosen.order_by(entries.c.number))))


def _opened(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "body": json.loads(row["body"])}


def _in(period: str) -> ColumnElement[bool]:
    return func.json_extract(entries.c.body, "$.period") == period


def _day(row: PeriodRow) -> str:
    return row.period


def _draw(row: Mapping[str, Any]) -> RecordedDraw:
    return RecordedDraw(
        entry=row["number"],
        passage_id=UUID(row["passage_id"]),
        number=row["body"]["number"],
        selected=row["body"]["selected"],
    )


def _outcome(ended: Mapping[str, Any]) -> Outcome:
    if ended["end"] == "turned_back":
        return Outcome.TURNED_BACK
    passed = ended["end"] == "passed"
    return (
        _LET_THROUGH.get(ended["authorisation_kind"] or "", Outcome.OTHERWISE)
        if passed
        else (Outcome.OTHERWISE)
    )


def _has_reason(row: Mapping[str, Any]) -> bool:
    """Tell whether an officer wrote why; the words themselves stay sealed."""
    if row["kind"] == AUTHORISED:
        return bool(row["body"]["authorisation"]["reason"])
    return row["kind"] == "referral_closed" and bool(row["body"]["reason"])
