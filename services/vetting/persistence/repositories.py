"""The collections of vetting's aggregates within one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select

from services.vetting.domain import membership
from services.vetting.domain.case import Case
from services.vetting.domain.case_states import HELD_BY_OFFICER, Kind
from services.vetting.domain.clearance import Clearance
from services.vetting.domain.hit import Hit
from services.vetting.domain.hold import Hold, Status
from services.vetting.domain.interview import Interview
from services.vetting.domain.membership import Membership
from services.vetting.domain.person import Person
from services.vetting.domain.tie import Tie
from services.vetting.persistence import tables
from shared.crypto.blind_index import blind_index, blind_indexes
from shared.crypto.keyring import KeyRing
from shared.persistence.repository import Repository, Transaction
from shared.persistence.sealed_columns import SealedColumn

PAIR_COLUMN = "person_names.pair_index"


class SqlPersons(Repository[Person]):
    """Everybody whose data vetting has."""

    def __init__(
        self, transaction: Transaction, sealed: Sequence[SealedColumn], ring: KeyRing
    ) -> None:
        super().__init__(transaction, Person, sealed)
        self._ring = ring

    def of(self, person_id: UUID) -> Person | None:
        """Return the person's file, if there is one."""
        return self.find(select(Person).where(tables.persons.c.id == person_id))

    def index_names(self, person: Person) -> None:
        """Write the blind indexes by which the person can be looked up."""
        names = tables.person_names
        self._session.flush()
        self._session.execute(delete(names).where(names.c.person_id == person.id))
        marks = {blind_index(self._ring, PAIR_COLUMN, pair) for pair in person.name_pairs()}
        rows = [{"person_id": person.id, "pair_index": mark} for mark in sorted(marks)]
        if rows:
            self._session.execute(insert(names), rows)

    def named(self, pairs: Iterable[str], *, limit: int) -> Sequence[Person]:
        """Return those who have every pair of parts among their names."""
        names = tables.person_names
        wanted = [
            tables.persons.c.id.in_(
                select(names.c.person_id).where(
                    names.c.pair_index.in_(blind_indexes(self._ring, PAIR_COLUMN, pair))
                )
            )
            for pair in pairs
        ]
        return self.find_all(
            select(Person).where(*wanted).order_by(tables.persons.c.id).limit(limit)
        )

    def to_screen(
        self, after: UUID | None, *, limit: int, everybody: bool = False
    ) -> Sequence[Person]:
        """Return members and people with open cases, in the order of their ids."""
        persons = tables.persons
        statement = select(Person).where(persons.c.dossier_sealed.is_not(None))
        if after is not None:
            statement = statement.where(persons.c.id > after)
        if not everybody:
            statement = statement.where(or_(_is_member(), _has_open_case()))
        return self.find_all(statement.order_by(persons.c.id).limit(limit))


def _is_member() -> ColumnElement[bool]:
    held = tables.memberships
    return (
        select(held.c.id)
        .where(held.c.person_id == tables.persons.c.id)
        .where(held.c.status.in_(sorted(membership.VETTED)))
        .exists()
    )


def _has_open_case() -> ColumnElement[bool]:
    cases = tables.cases
    return (
        select(cases.c.id)
        .where(cases.c.person_id == tables.persons.c.id)
        .where(cases.c.status.not_in(tables.CLOSED))
        .exists()
    )


class SqlMemberships(Repository[Membership]):
    """Vetting's copies of memberships."""

    def find_one(self, membership_id: UUID) -> Membership | None:
        """Return the membership, if it is known."""
        return self.find(select(Membership).where(tables.memberships.c.id == membership_id))

    def of(self, person_id: UUID) -> Sequence[Membership]:
        """Return all of one person."""
        held = tables.memberships
        mine = held.c.person_id == person_id
        return self.find_all(select(Membership).where(mine).order_by(held.c.valid_from))


class SqlCases(Repository[Case]):
    """All cases."""

    def of_application(self, application_id: UUID) -> Case | None:
        """Return the case of an application, if there is one."""
        return self.find(select(Case).where(tables.cases.c.application_id == application_id))

    def open_review(self, person_id: UUID) -> Case | None:
        """Return the person's open review, if there is one."""
        cases = tables.cases
        is_open = cases.c.status.not_in(tables.CLOSED)
        mine = (cases.c.person_id == person_id) & (cases.c.kind == Kind.REVIEW)
        return self.find(select(Case).where(mine, is_open))

    def of(self, person_id: UUID) -> Sequence[Case]:
        """Return all of one person, the newest first."""
        cases = tables.cases
        mine = cases.c.person_id == person_id
        return self.find_all(select(Case).where(mine).order_by(cases.c.opened_at.desc()))

    def with_lost_lease(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Return claimed cases whose lease has run out."""
        cases = tables.cases
        lost = (cases.c.lease_until <= now) & cases.c.status.in_(sorted(HELD_BY_OFFICER))
        statement = select(Case).where(lost).order_by(cases.c.lease_until).limit(limit)
        return self.find_all(statement.with_for_update(skip_locked=True))


class SqlHits(Repository[Hit]):
    """All hits."""

    def of_case(self, case_id: UUID) -> Sequence[Hit]:
        """Return those of one case, the best first."""
        return self._where(tables.hits.c.case_id == case_id)

    def of(self, person_id: UUID) -> Sequence[Hit]:
        """Return those of one person."""
        return self._where(tables.hits.c.person_id == person_id)

    def _where(self, condition: ColumnElement[bool]) -> Sequence[Hit]:
        columns = tables.hits.c
        order = (columns.score.desc(), columns.list, columns.entry)
        return self.find_all(select(Hit).where(condition).order_by(*order))


class SqlHolds(Repository[Hold]):
    """All holds."""

    def placed_on(self, person_id: UUID) -> Hold | None:
        """Return the hold in force on a person, if there is one."""
        holds = tables.holds
        mine = (holds.c.person_id == person_id) & (holds.c.status == Status.PLACED)
        return self.find(select(Hold).where(mine))

    def of_case(self, case_id: UUID) -> Sequence[Hold]:
        """Return those of one case, the newest first."""
        holds = tables.holds
        mine = holds.c.case_id == case_id
        return self.find_all(select(Hold).where(mine).order_by(holds.c.placed_at.desc()))

    def run_out(self, now: datetime, *, limit: int) -> Sequence[Hold]:
        """Return holds in force that have expired."""
        holds = tables.holds
        over = (holds.c.status == Status.PLACED) & (holds.c.expires_at <= now)
        statement = select(Hold).where(over).order_by(holds.c.expires_at).limit(limit)
        return self.find_all(statement.with_for_update(skip_locked=True))


class SqlClearances(Repository[Clearance]):
    """All clearances."""

    def of(self, person_id: UUID) -> Sequence[Clearance]:
        """Return those of one person."""
        return self.find_all(select(Clearance).where(tables.clearances.c.person_id == person_id))


class SqlInterviews(Repository[Interview]):
    """All interview records."""

    def of_case(self, case_id: UUID) -> Sequence[Interview]:
        """Return those of one case, the oldest first."""
        kept = tables.interviews
        mine = kept.c.case_id == case_id
        return self.find_all(select(Interview).where(mine).order_by(kept.c.at))


class SqlTies(Repository[Tie]):
    """All declared ties."""

    def of_officer(self, officer: str) -> frozenset[UUID]:
        """Return the people an officer is tied to."""
        ties = tables.ties
        rows = self._session.scalars(
            select(func.distinct(ties.c.person_id)).where(ties.c.officer == officer)
        )
        return frozenset(rows)
