"""What pages and interface read of a site's files; all of them are opened read-only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.lane_gateway.domain.lane_policy import Direction, LaneMode, LaneType
from services.lane_gateway.domain.port_report import LaneReport
from services.lane_gateway.domain.schedule import Switch
from services.lane_gateway.domain.visit import VisitStatus
from services.lane_gateway.persistence.carrier_tables import site_state
from services.lane_gateway.persistence.desk_tables import commands, lanes, switches, visits
from services.lane_gateway.persistence.lane_tables import live
from services.lane_gateway.persistence.queries_alarms import AlarmQueries
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from services.lane_gateway.persistence.queries_passages import PassageQueries
from services.lane_gateway.persistence.queries_report import ReportQueries
from services.lane_gateway.persistence.queries_selection import SelectionQueries
from services.lane_gateway.persistence.schedule_rows import switch_of
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.reads import (
    AlarmRow,
    LaneRow,
    ListStandingRow,
    PassagePage,
    PassageRecord,
    PassagesSought,
    VisitRow,
)
from shared.crypto.keyring import KeyRing
from shared.errors import NotFound


class SiteReads:
    """The read models of one site."""

    def __init__(self, files: SiteFiles, *, ring: KeyRing) -> None:
        self._files = ReadOnlyFiles(files)
        self._passages = PassageQueries(self._files, SiteSeal(ring))
        self._alarms = AlarmQueries(self._files)
        self._reports = ReportQueries(self._files)
        self.selections = SelectionQueries(self._files)

    def close(self) -> None:
        """Close all files."""
        self._files.close()

    def lanes(self) -> Sequence[LaneRow]:
        """Return the lanes of the site by name."""
        return [_lane(row) for row in self._desk(select(lanes).order_by(lanes.c.lane))]

    def lane(self, lane: str) -> LaneRow:
        """Return one lane, or raise ``NotFound``."""
        rows = self._desk(select(lanes).where(lanes.c.lane == lane))
        if not rows:
            raise NotFound(f"No lane {lane}")
        return _lane(rows[0])

    def switches(self, lane: str) -> Sequence[Switch]:
        """Return the lane's schedule by the time of the day."""
        planned = select(switches).where(switches.c.lane == lane)
        return [switch_of(row) for row in self._desk(planned.order_by(switches.c.at))]

    def newest_command(self, lane: str) -> int:
        """Return the number of the newest command written for the lane, 0 without any."""
        newest = select(func.max(commands.c.number).label("number"))
        return int(self._desk(newest.where(commands.c.lane == lane))[0]["number"] or 0)

    def last_seen(self, lane: str) -> datetime | None:
        """Return when the lane's agent last kept a picture of itself."""
        rows = self._files.lane(lane, select(live.c.at))
        return rows[0]["at"] if rows else None

    def list_standing(self) -> ListStandingRow | None:
        """Return how far the list has come, ``None`` before the first entry."""
        rows = self._files.carrier(select(site_state))
        if not rows:
            return None
        return ListStandingRow(
            generation=rows[0]["generation"],
            head_position=rows[0]["head_position"],
            head_at=rows[0]["head_at"],
        )

    def passages(self, sought: PassagesSought, *, limit: int) -> PassagePage:
        """Return passages that are over, newest first."""
        return self._passages.page(self._lanes_of(sought.lane), sought, limit=limit)

    def passage(self, passage_id: UUID, *, opened: bool) -> PassageRecord:
        """Return the record of one passage, or raise ``NotFound``."""
        return self._passages.record(self._lanes_of(None), passage_id, opened=opened)

    def report(self, lane: str, *, since: datetime, until: datetime) -> LaneReport:
        """Return what a lane did from ``since`` to before ``until``."""
        return self._reports.lane(lane, since, until)

    def alarms(self, *, since: datetime, only_open: bool) -> Sequence[AlarmRow]:
        """Return the alarms raised since a time, newest first."""
        found = self._alarms.since(self._lanes_of(None), since)
        return [row for row in found if not (only_open and row.acknowledged_by)]

    def alarm(self, alarm_id: UUID) -> AlarmRow:
        """Return one alarm, or raise ``NotFound``."""
        return self._alarms.one(self._lanes_of(None), alarm_id)

    def visits(self, statuses: frozenset[VisitStatus], *, limit: int) -> Sequence[VisitRow]:
        """Return visits to secondary in these states, newest first."""
        chosen = select(visits).where(visits.c.status.in_(statuses))
        newest = chosen.order_by(visits.c.sent_at.desc(), visits.c.id).limit(limit)
        return [_visit(row) for row in self._desk(newest)]

    def visit(self, visit_id: UUID) -> VisitRow:
        """Return one visit, or raise ``NotFound``."""
        rows = self._desk(select(visits).where(visits.c.id == visit_id))
        if not rows:
            raise NotFound(f"No visit {visit_id}")
        return _visit(rows[0])

    def _lanes_of(self, lane: str | None) -> Sequence[str]:
        if lane is not None:
            return [self.lane(lane).lane]
        return [row.lane for row in self.lanes()]

    def _desk(self, chosen: Select[Any]) -> Sequence[Mapping[str, Any]]:
        return self._files.desk(chosen)


def _lane(row: Mapping[str, Any]) -> LaneRow:
    return LaneRow(
        lane=row["lane"],
        mode=LaneMode(row["mode"]),
        lane_type=LaneType(row["lane_type"]),
        direction=Direction(row["direction"]),
        zone=row["zone"],
        signed_on=row["signed_on"],
        signed_on_at=row["signed_on_at"],
        version=row["version"],
        switched_at=row["switched_at"],
    )


def _visit(row: Mapping[str, Any]) -> VisitRow:
    return VisitRow(
        visit_id=row["id"],
        passage_id=row["passage_id"],
        lane=row["lane"],
        credential_ids=tuple(UUID(each) for each in row["credential_ids"]),
        status=row["status"],
        sent_by=row["sent_by"],
        sent_at=row["sent_at"],
        arrived_at=row["arrived_at"],
        inspected_at=row["inspected_at"],
        inspected_by=row["inspected_by"],
        released_at=row["released_at"],
        version=row["version"],
    )
