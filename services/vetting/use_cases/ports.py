"""What the use cases need from the outside world."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar
from uuid import UUID

from services.vetting.domain.alarm import Alarm
from services.vetting.domain.case import Case
from services.vetting.domain.clearance import Clearance
from services.vetting.domain.hit import Hit
from services.vetting.domain.hold import Hold
from services.vetting.domain.interview import Interview
from services.vetting.domain.membership import Membership
from services.vetting.domain.person import Person
from services.vetting.domain.screening.matcher import Source
from services.vetting.domain.tie import Tie
from services.vetting.domain.watchlist.entry import Entry
from services.vetting.domain.watchlist.release import Diff
from services.vetting.domain.watchlist.watchlist import Watchlist
from shared.audit.words import AuditLine
from shared.events import Cause, Outgoing
from shared.retention import OldRecords

A = TypeVar("A")


class Collection(Protocol[A]):
    """Aggregates of one kind."""

    def add(self, aggregate: A) -> None:
        """Add a new one."""

    def get(self, aggregate_id: UUID) -> A:
        """Return the one with this id, or raise ``NotFound``."""


class Persons(Collection[Person], Protocol):
    """Everybody whose data vetting has."""

    def of(self, person_id: UUID) -> Person | None:
        """Return the person's file, if there is one."""

    def index_names(self, person: Person) -> None:
        """Write the blind indexes by which the person can be looked up."""

    def named(self, pairs: Iterable[str], *, limit: int) -> Sequence[Person]:
        """Return those who have every pair of parts among their names."""

    def to_screen(
        self, after: UUID | None, *, limit: int, everybody: bool = False
    ) -> Sequence[Person]:
        """Return members and people with open cases, in the order of their ids."""


class Memberships(Collection[Membership], Protocol):
    """Vetting's copies of memberships."""

    def find_one(self, membership_id: UUID) -> Membership | None:
        """Return the membership, if it is known."""

    def of(self, person_id: UUID) -> Sequence[Membership]:
        """Return all of one person."""


class Cases(Collection[Case], Protocol):
    """All cases."""

    def of_application(self, application_id: UUID) -> Case | None:
        """Return the case of an application, if there is one."""

    def open_review(self, person_id: UUID) -> Case | None:
        """Return the person's open review, if there is one."""

    def of(self, person_id: UUID) -> Sequence[Case]:
        """Return all of one person, the newest first."""

    def with_lost_lease(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Return claimed cases whose lease has run out."""


class Hits(Collection[Hit], Protocol):
    """All hits."""

    def of_case(self, case_id: UUID) -> Sequence[Hit]:
        """Return those of one case, the best first."""

    def of(self, person_id: UUID) -> Sequence[Hit]:
        """Return those of one person."""


class Holds(Collection[Hold], Protocol):
    """All holds."""

    def placed_on(self, person_id: UUID) -> Hold | None:
        """Return the hold in force on a person, if there is one."""

    def of_case(self, case_id: UUID) -> Sequence[Hold]:
        """Return those of one case, the newest first."""

    def run_out(self, now: datetime, *, limit: int) -> Sequence[Hold]:
        """Return holds in force that have expired."""


class Clearances(Collection[Clearance], Protocol):
    """All clearances."""

    def of(self, person_id: UUID) -> Sequence[Clearance]:
        """Return those of one person."""


class Interviews(Collection[Interview], Protocol):
    """All interview records."""

    def of_case(self, case_id: UUID) -> Sequence[Interview]:
        """Return those of one case, the oldest first."""


class Ties(Collection[Tie], Protocol):
    """All declared ties."""

    def of_officer(self, officer: str) -> frozenset[UUID]:
        """Return the people an officer is tied to."""


class Watchlists(Collection[Watchlist], Protocol):
    """All lists and their entries."""

    def named(self, name: str) -> Watchlist | None:
        """Return the list with this name, if there is one."""

    def versions(self) -> Mapping[str, int]:
        """Return the current version of each list."""

    def digests(self, name: str) -> Mapping[str, str]:
        """Return the content digest of each current entry."""

    def put(self, watchlist: Watchlist, entries: Sequence[Entry], diff: Diff) -> None:
        """Write a new version: only what came, changed or went."""

    def current(self) -> Sequence[Source]:
        """Return all current entries of every list."""

    def to_screen(self, name: str, number: int) -> frozenset[tuple[str, str]]:
        """Return what a version added or changed, as pairs of list and entry."""


@dataclass(kw_only=True)
class Rescreen:
    """One run over everybody, after an import or on demand; restartable."""

    id: UUID
    list: str | None
    number: int | None
    reason: str
    started_at: datetime
    last_person: UUID | None = None
    screened: int = 0
    hits: int = 0
    holds: int = 0
    finished_at: datetime | None = None


class Rescreens(Protocol):
    """Runs of re-screening."""

    def start(self, rescreen: Rescreen) -> None:
        """Note a new run."""

    def next_open(self) -> Rescreen | None:
        """Take the oldest unfinished run, unless another worker has it."""

    def save(self, rescreen: Rescreen) -> None:
        """Note how far a run has come."""


class UnitOfWork(Protocol):
    """One transaction; leaving it without ``commit`` rolls back."""

    @property
    def persons(self) -> Persons:
        """Everybody whose data vetting has."""

    @property
    def memberships(self) -> Memberships:
        """Vetting's copies of memberships."""

    @property
    def cases(self) -> Cases:
        """All cases."""

    @property
    def hits(self) -> Hits:
        """All hits."""

    @property
    def holds(self) -> Holds:
        """All holds."""

    @property
    def clearances(self) -> Clearances:
        """All clearances."""

    @property
    def interviews(self) -> Interviews:
        """All interview records."""

    @property
    def alarms(self) -> Collection[Alarm]:
        """All alarms."""

    @property
    def ties(self) -> Ties:
        """All declared ties."""

    @property
    def watchlists(self) -> Watchlists:
        """All lists."""

    @property
    def rescreens(self) -> Rescreens:
        """Runs of re-screening."""

    @property
    def old_records(self) -> OldRecords:
        """Records whose time may be over."""

    def digest(self, person_id: UUID, data: bytes) -> str:
        """Return a digest keyed by the person's data key."""

    def note(self, line: AuditLine) -> None:
        """Add a line to this transaction's audit entry."""

    def send(self, message: Outgoing) -> None:
        """Send a message that belongs to no event."""

    def erase(self, person_id: UUID) -> bool:
        """Forget the person's data key."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Roll back whatever was not committed."""

    def commit(self, *, result: str | None = None) -> None:
        """Save the aggregates and, in the same transaction, what others should hear of them."""


class Transactions(Protocol):
    """Opens units of work."""

    def __call__(self, cause: Cause | None = None) -> UnitOfWork:
        """Begin; raise ``AlreadyDone`` on entry if ``cause`` was handled before."""
