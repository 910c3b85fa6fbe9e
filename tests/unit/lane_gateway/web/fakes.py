"""A site in memory, for tests that need no file: rows in, pages out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.lane_gateway.domain.lane_policy import Direction, LaneMode, LaneType
from services.lane_gateway.domain.port_report import LaneReport, Tally
from services.lane_gateway.domain.schedule import Switch
from services.lane_gateway.domain.visit import VisitStatus
from services.lane_gateway.use_cases.reads import (
    AlarmRow,
    DisplayRecord,
    LaneRow,
    ListStandingRow,
    PassagePage,
    PassageRecord,
    PassagesSought,
    VisitRow,
)
from shared.errors import NotFound


def a_lane_row(lane: str = "l1", **changes: Any) -> LaneRow:
    values: dict[str, Any] = {
        "lane": lane,
        "mode": LaneMode.ATTENDED,
        "lane_type": LaneType.SENTRI,
        "direction": Direction.INBOUND,
        "zone": "America/Los_Angeles",
        "signed_on": "boris",
        "signed_on_at": None,
        "version": 3,
    }
    return LaneRow(**values | changes)


def a_display_record(**changes: Any) -> DisplayRecord:
    values: dict[str, Any] = {
        "name": "Ana Luz Robles Vega",
        "birth_year": 1988,
        "photo": b"a JPEG",
        "plates": (("US-CA", "7ABC123"),),
        "passid": "123456789",
    }
    return DisplayRecord(**values | changes)


@dataclass
class ReadsInMemory:
    """Answers from what a test put in."""

    rows: dict[str, LaneRow] = field(default_factory=lambda: {"l1": a_lane_row()})
    commands: int = 0
    selections: Any = None

    def lanes(self) -> list[LaneRow]:
        return list(self.rows.values())

    def lane(self, lane: str) -> LaneRow:
        if lane not in self.rows:
            raise NotFound(f"No lane {lane}")
        return self.rows[lane]

    def switches(self, lane: str) -> list[Switch]:
        del lane
        return []

    def report(self, lane: str, *, since: datetime, until: datetime) -> LaneReport:
        del since, until
        return Tally(lane=lane).report()

    def newest_command(self, lane: str) -> int:
        del lane
        return self.commands

    def last_seen(self, lane: str) -> datetime | None:
        del lane
        return None

    def list_standing(self) -> ListStandingRow | None:
        return None

    def passages(self, sought: PassagesSought, *, limit: int) -> PassagePage:
        del sought, limit
        return PassagePage(rows=[], older=None)

    def passage(self, passage_id: UUID, *, opened: bool) -> PassageRecord:
        del opened
        raise NotFound(f"No passage {passage_id}")

    def alarms(self, *, since: datetime, only_open: bool) -> list[AlarmRow]:
        del since, only_open
        return []

    def alarm(self, alarm_id: UUID) -> AlarmRow:
        raise NotFound(f"No alarm {alarm_id}")

    def visits(self, statuses: frozenset[VisitStatus], *, limit: int) -> list[VisitRow]:
        del statuses, limit
        return []

    def visit(self, visit_id: UUID) -> VisitRow:
        raise NotFound(f"No visit {visit_id}")


@dataclass
class RecordsInMemory:
    """Display records by credential; ``sealed`` opens to what it maps to."""

    here: dict[UUID, DisplayRecord] = field(default_factory=dict)
    sealed: dict[str, DisplayRecord] = field(default_factory=dict)

    def open(self, credential_id: UUID) -> DisplayRecord | None:
        return self.here.get(credential_id)

    def open_sealed(self, credential_id: UUID, version: int, sealed: str) -> DisplayRecord:
        del credential_id, version
        return self.sealed[sealed]


@dataclass
class HeadquartersInMemory:
    """Has the records given, or fails."""

    records: dict[UUID, Mapping[str, object]] = field(default_factory=dict)
    fail: Exception | None = None
    asked: int = 0

    def display_record(self, credential_id: UUID) -> Mapping[str, object]:
        self.asked += 1
        if self.fail is not None:
            raise self.fail
        if credential_id not in self.records:
            raise NotFound("No record")
        return self.records[credential_id]


@dataclass
class AccessInMemory:
    """Keeps the lines, and fails if told to."""

    lines: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    fail: Exception | None = None

    def note(self, event: str, subject: str, purpose: str, *, once: str | None = None) -> None:
        if self.fail is not None:
            raise self.fail
        self.lines.append((event, subject, purpose, once))
