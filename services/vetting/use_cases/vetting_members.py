"""What new hits on a member lead to: a review, and where the evidence is strong a hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.vetting.domain.case import Case
from services.vetting.domain.case_rules import DUE, DUE_UNDER_HOLD, Priority
from services.vetting.domain.case_states import Kind
from services.vetting.domain.hold import LASTS, Hold
from services.vetting.domain.membership import CAN_BE_HELD, VETTED, Membership
from services.vetting.domain.person import Person
from services.vetting.use_cases.ports import UnitOfWork
from services.vetting.use_cases.screening_people import EntryKeys, Found, PeopleScreening
from shared.clock import Clock
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What screening one member led to."""

    hits: int = 0
    holds: int = 0


@dataclass(frozen=True, kw_only=True)
class MemberVetting:
    """Screens members; it never changes a membership by itself."""

    screening: PeopleScreening
    clock: Clock
    new_id: NewId

    def __call__(
        self, work: UnitOfWork, person: Person, *, only: EntryKeys | None = None
    ) -> Effect:
        """Screen a member or somebody with an open case, and follow what was found."""
        found = self.screening.find(work, person, only=only)
        new = self.screening.unknown(work, person.id, found.new)
        if not new:
            return Effect()
        held = [m for m in work.memberships.of(person.id) if m.status in VETTED]
        case = self._case(work, person, held, found)
        if case is None:
            return Effect()
        case.list_version = found.list_version
        hits = self.screening.attach(work, case, new)
        strong = any(each.match.strong for each in new)
        return Effect(hits=hits, holds=int(strong and self._hold(work, case, held)))

    def _case(
        self, work: UnitOfWork, person: Person, held: Sequence[Membership], found: Found
    ) -> Case | None:
        """Return the case for the hits: a member's review, else the open application."""
        if not held:
            return next((case for case in work.cases.of(person.id) if case.is_open), None)
        review = work.cases.open_review(person.id)
        if review is None:
            now = self.clock()
            review = Case(
                id=self.new_id(),
                kind=Kind.REVIEW,
                person_id=person.id,
                opened_at=now,
                due_at=now + DUE[Kind.REVIEW],
                program=held[0].program,
                list_version=found.list_version,
            )
            work.cases.add(review)
            review.open()
        return review

    def _hold(self, work: UnitOfWork, case: Case, held: Sequence[Membership]) -> bool:
        """Place a hold, if the person has a card that opens lanes and none is in force."""
        opening = [m for m in held if m.status in CAN_BE_HELD]
        if not opening or work.holds.placed_on(case.person_id) is not None:
            return False
        now = self.clock()
        hold = Hold(
            id=self.new_id(),
            person_id=case.person_id,
            case_id=case.id,
            membership_ids=[str(m.id) for m in opening],
            placed_at=now,
            expires_at=now + LASTS,
        )
        work.holds.add(hold)
        hold.place()
        case.raise_priority(Priority.HOLD)
        case.due_at = min(case.due_at, now + DUE_UNDER_HOLD)
        return True
