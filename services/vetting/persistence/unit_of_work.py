"""One vetting transaction."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from services.vetting.domain.alarm import Alarm
from services.vetting.domain.case import Case
from services.vetting.domain.clearance import Clearance
from services.vetting.domain.hit import Hit
from services.vetting.domain.hold import Hold
from services.vetting.domain.interview import Interview
from services.vetting.domain.membership import Membership
from services.vetting.domain.tie import Tie
from services.vetting.domain.watchlist.watchlist import Watchlist
from services.vetting.persistence import mapping
from services.vetting.persistence.old_records import SqlOldRecords
from services.vetting.persistence.repositories import (
    SqlCases,
    SqlClearances,
    SqlHits,
    SqlHolds,
    SqlInterviews,
    SqlMemberships,
    SqlPersons,
    SqlTies,
)
from services.vetting.persistence.rescreens import SqlRescreens
from services.vetting.persistence.timeline import write_timeline
from services.vetting.persistence.watchlists import SqlWatchlists
from services.vetting.use_cases.ports import Transactions
from shared.errors import Stale, TrustlaneError
from shared.events import Event
from shared.persistence.repository import Repository
from shared.persistence.unit_of_work import Journal, SqlUnitOfWork


class VettingUnitOfWork(SqlUnitOfWork):
    """The repositories of vetting, and the history that it writes beside the audit."""

    persons: SqlPersons
    memberships: SqlMemberships
    cases: SqlCases
    hits: SqlHits
    holds: SqlHolds
    clearances: SqlClearances
    interviews: SqlInterviews
    alarms: Repository[Alarm]
    ties: SqlTies
    watchlists: SqlWatchlists
    rescreens: SqlRescreens
    old_records: SqlOldRecords

    def open_repositories(self) -> None:
        """Set one attribute per repository."""
        self.persons = SqlPersons(self, mapping.PERSON_SEALED, self._journal.ring)
        self.memberships = SqlMemberships(self, Membership)
        self.cases = SqlCases(self, Case, mapping.CASE_SEALED)
        self.hits = SqlHits(self, Hit, mapping.HIT_SEALED)
        self.holds = SqlHolds(self, Hold, mapping.HOLD_SEALED)
        self.clearances = SqlClearances(self, Clearance, mapping.CLEARANCE_SEALED)
        self.interviews = SqlInterviews(self, Interview, mapping.INTERVIEW_SEALED)
        self.alarms = Repository(self, Alarm)
        self.ties = SqlTies(self, Tie)
        self.watchlists = SqlWatchlists(self, Watchlist)
        self.rescreens = SqlRescreens(self.session)
        self.old_records = SqlOldRecords(self)

    def before_audit(self, events: Sequence[Event]) -> None:
        """Write the history of cases."""
        write_timeline(self.session, events)

    def digest(self, person_id: UUID, data: bytes) -> str:
        """Return a digest keyed by the person's data key."""
        return self.sealer.digest(person_id, data)


def conflicts(constraint: str) -> TrustlaneError | None:
    """Name the error behind a constraint: two transactions made the same thing at once."""
    if constraint.startswith(("uq_", "cases_", "persons_", "memberships_", "watchlist")):
        return Stale("Another transaction made the same thing at the same moment")
    return None


def transactions(engine: Engine, journal: Journal) -> Transactions:
    """Return what opens vetting's transactions on ``engine``."""
    mapping.map_aggregates()
    sessions = sessionmaker(engine, expire_on_commit=False)
    return partial(VettingUnitOfWork, sessions, journal)
