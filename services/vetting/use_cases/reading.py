"""Read models: what pages and interfaces show without opening anybody's file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.vetting.domain.case_states import Kind, Outcome, Status
from services.vetting.domain.hold import Why
from services.vetting.domain.watchlist.watchlist import Format
from services.vetting.use_cases.ports import Rescreen
from shared.audit.words import AuditEntry, Sought
from shared.retention import RetentionRun


class View(StrEnum):
    """Which part of the queue is shown."""

    WAITING = "waiting"
    MINE = "mine"
    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"


class Order(StrEnum):
    """What comes first."""

    PRIORITY = "priority"
    DUE = "due"
    AGE = "age"


@dataclass(frozen=True, kw_only=True)
class QueueQuery:
    """What part of the queue is wanted; ``after`` is the cursor of the row before."""

    view: View = View.WAITING
    order: Order = Order.PRIORITY
    kind: Kind | None = None
    officer: str = ""
    after: str = ""
    limit: int = 25


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """A case in the queue; it says nothing about who the person is."""

    id: UUID
    kind: Kind
    program: str
    purpose: str
    status: Status
    priority: int
    opened_at: datetime
    due_at: datetime
    officer: str | None
    outcome: Outcome | None
    hits: int
    open_hits: int
    held: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """Some rows, and the cursor for those that follow."""

    rows: Sequence[QueueRow]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Ages:
    """How old the open cases are, in seconds."""

    open: int
    unclaimed: int
    overdue: int
    median: float
    ninetieth: float
    oldest: float


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One line of a case's history."""

    at: datetime
    event: str
    by: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class HoldRow:
    """A hold with the case behind it."""

    id: UUID
    case_id: UUID
    case_status: Status
    officer: str | None
    placed_at: datetime
    expires_at: datetime
    placed_by: str
    extended: int
    why: Why | None
    lifted_at: datetime | None
    lifted_by: str | None
    version: int


@dataclass(frozen=True, kw_only=True)
class AlarmRow:
    """An alarm that nobody has acknowledged."""

    id: UUID
    code: str
    case_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ListRow:
    """A watchlist and its current version."""

    name: str
    format: Format
    number: int
    entries: int
    loaded_at: datetime
    loaded_by: str


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version of a list, with how many entries came, changed and went."""

    list: str
    number: int
    loaded_at: datetime
    loaded_by: str
    entries: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class VersionDiff:
    """What a version changed: numbers of entries with their names, cut to a page's length."""

    version: VersionRow
    added: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]


class Queries(Protocol):
    """Answers from committed data, without a unit of work."""

    def queue(self, query: QueueQuery) -> QueuePage:
        """Return a page of the queue."""

    def ages(self) -> Ages:
        """Return how old the open cases are."""

    def case(self, case_id: UUID) -> QueueRow:
        """Return one case as the queue shows it, or raise ``NotFound``."""

    def timeline(self, case_id: UUID) -> Sequence[TimelineRow]:
        """Return the history of a case, the oldest first."""

    def holds(self, *, lifted: bool = False) -> Sequence[HoldRow]:
        """Return holds in force, those that end first in front; or the newest lifted ones."""

    def hold(self, hold_id: UUID) -> HoldRow:
        """Return one hold, or raise ``NotFound``."""

    def alarms(self) -> Sequence[AlarmRow]:
        """Return the alarms that nobody has acknowledged."""

    def lists(self) -> Sequence[ListRow]:
        """Return all lists."""

    def versions(self, name: str = "") -> Sequence[VersionRow]:
        """Return the newest versions, of one list or of all."""

    def diff(self, name: str, number: int) -> VersionDiff:
        """Return what a version changed, or raise ``NotFound``."""

    def rescreens(self) -> Sequence[Rescreen]:
        """Return the newest runs of re-screening."""

    def audit(self, sought: Sought) -> Sequence[AuditEntry]:
        """Return entries of the audit, the newest first."""

    def witnesses(self, chain: str) -> Sequence[Mapping[str, object]]:
        """Return the checkpoints kept of another service's audit chain, the newest first."""

    def retention_runs(self) -> Sequence[RetentionRun]:
        """Return what was last forgotten of each kind of record."""

    def counts(self) -> Mapping[str, int]:
        """Return how many cases there are in each state, and holds in force."""
