"""What the pages and the interface of a site read, and where from; nothing here changes anything.

Rows are plain values. Plates, officers' words and names are personal: they stand in ``RecordEntry``
and ``DisplayRecord`` alone, which are opened for a purpose that is noted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.lane_gateway.domain.lane_policy import Direction, LaneMode, LaneType
from services.lane_gateway.domain.port_report import LaneReport
from services.lane_gateway.domain.schedule import Switch
from services.lane_gateway.domain.visit import VisitStatus
from services.lane_gateway.use_cases.selection_reads import SelectionReads


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneRow:
    """How a lane is set and staffed, as the desk has it."""

    lane: str
    mode: LaneMode
    lane_type: LaneType
    direction: Direction
    zone: str
    signed_on: str | None
    signed_on_at: datetime | None
    version: int
    switched_at: datetime | None = None
    """When its schedule last changed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageRow:
    """One vehicle that went through a lane, or turned back before it; without any person."""

    number: int
    """Counts up within the lane's record."""
    passage_id: UUID
    lane: str
    end: str
    verdict: str | None
    reasons: tuple[str, ...]
    authorisation: str | None
    officer: str | None
    counted: int | None
    credential_ids: tuple[UUID, ...]
    times: Mapping[str, datetime | None]
    """When it was ``read``, ``shown``, ``decided`` and let through the ``gate``."""
    list_number: int | None
    list_age_s: float | None
    ended_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PassagesSought:
    """Which passages to list; newest first, those before ``before`` (lane -> number)."""

    lane: str | None = None
    verdict: str | None = None
    end: str | None = None
    before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PassagePage:
    """Some passages, and where the older ones begin; ``None`` after the last."""

    rows: Sequence[PassageRow]
    older: Mapping[str, int] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordEntry:
    """One entry of a lane's record; ``body`` holds what was sealed only where it was opened."""

    number: int
    kind: str
    at: datetime
    device_time: datetime | None
    body: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class PassageRecord:
    """All that a lane's record has of one passage; ``row`` is ``None`` while it is not over."""

    passage_id: UUID
    lane: str
    row: PassageRow | None
    credential_ids: tuple[UUID, ...]
    entries: Sequence[RecordEntry]


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRow:
    """Something that somebody must look at, and who has."""

    alarm_id: UUID
    lane: str
    code: str
    at: datetime
    passage_id: UUID | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRow:
    """One vehicle's stay at secondary."""

    visit_id: UUID
    passage_id: UUID
    lane: str
    credential_ids: tuple[UUID, ...]
    status: VisitStatus
    sent_by: str
    sent_at: datetime
    arrived_at: datetime | None
    inspected_at: datetime | None
    inspected_by: str | None
    released_at: datetime | None
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ListStandingRow:
    """How far the site's credential list has come, from the worker's file."""

    generation: int
    head_position: int
    head_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DisplayRecord:
    """What an officer sees of a card holder."""

    name: str = field(repr=False)
    birth_year: int = field(repr=False)
    photo: bytes | None = field(repr=False)
    """A JPEG, where there is a picture."""
    plates: tuple[tuple[str, str], ...] = field(repr=False)
    """Region and plate of each enrolled vehicle."""
    passid: str = field(repr=False)


class Schedules(Protocol):
    """What lanes are now, and what they will be."""

    def lanes(self) -> Sequence[LaneRow]:
        """Return the lanes of the site by name."""

    def switches(self, lane: str) -> Sequence[Switch]:
        """Return the lane's schedule by the time of the day."""


class Reads(Schedules, Protocol):
    """What the site's files say; each call raises ``Unavailable`` where a file cannot be read."""

    @property
    def selections(self) -> SelectionReads:
        """The lanes' draws by chance."""

    def lane(self, lane: str) -> LaneRow:
        """Return one lane, or raise ``NotFound``."""

    def newest_command(self, lane: str) -> int:
        """Return the number of the newest command written for the lane, 0 without any."""

    def last_seen(self, lane: str) -> datetime | None:
        """Return when the lane's agent last kept a picture of itself."""

    def list_standing(self) -> ListStandingRow | None:
        """Return how far the list has come, ``None`` before the first entry."""

    def passages(self, sought: PassagesSought, *, limit: int) -> PassagePage:
        """Return passages that are over, newest first."""

    def passage(self, passage_id: UUID, *, opened: bool) -> PassageRecord:
        """Return the record of one passage, or raise ``NotFound``.

        ``opened`` also opens its plates and officers' words.
        """

    def report(self, lane: str, *, since: datetime, until: datetime) -> LaneReport:
        """Return what a lane did from ``since`` to before ``until``."""

    def alarms(self, *, since: datetime, only_open: bool) -> Sequence[AlarmRow]:
        """Return the alarms raised since a time, newest first."""

    def alarm(self, alarm_id: UUID) -> AlarmRow:
        """Return one alarm, or raise ``NotFound``."""

    def visits(self, statuses: frozenset[VisitStatus], *, limit: int) -> Sequence[VisitRow]:
        """Return visits to secondary in these states, newest first."""

    def visit(self, visit_id: UUID) -> VisitRow:
        """Return one visit, or raise ``NotFound``."""


class HolderRecords(Protocol):
    """The display records of this site, opened with the site's own key."""

    def open(self, credential_id: UUID) -> DisplayRecord | None:
        """Return the newest record of a card, if there is one here."""

    def open_sealed(self, credential_id: UUID, version: int, sealed: str) -> DisplayRecord:
        """Open a record that was sealed to this site; or raise ``Tampered``."""


class RecordsElsewhere(Protocol):
    """Headquarters, which has the display records of all cards."""

    def display_record(self, credential_id: UUID) -> Mapping[str, object]:
        """Return ``version`` and sealed ``record`` of a card.

        Raise ``NotFound``, or ``Unavailable`` where that takes longer than 400 ms.
        """


class AccessLog(Protocol):
    """Notes in the audit who saw a person's data, and what for."""

    def note(self, event: str, subject: str, purpose: str, *, once: str | None = None) -> None:
        """Write one line; with ``once``, the same reader's same ``once`` is written one time."""
