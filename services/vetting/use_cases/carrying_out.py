"""What a decision does: clearances, memberships, holds."""

from dataclasses import dataclass

from services.vetting.domain.case import Case
from services.vetting.domain.case_states import Kind, Outcome
from services.vetting.domain.clearance import clear
from services.vetting.domain.hit import Verdict
from services.vetting.domain.hold import Why
from services.vetting.domain.membership import Membership, Status
from services.vetting.use_cases.ports import UnitOfWork
from shared.clock import Clock
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class CarryOut:
    """Follows a case that was just decided by one officer or two."""

    clock: Clock
    new_id: NewId

    def __call__(self, work: UnitOfWork, case: Case) -> None:
        """Do what the outcome says, in the transaction of the decision."""
        self._clear(work, case)
        if case.kind is not Kind.REVIEW:
            return
        for membership in work.memberships.of(case.person_id):
            self._change(case, membership)
        hold = work.holds.placed_on(case.person_id)
        if hold is not None:
            why = Why.CLEARED if case.outcome is Outcome.KEEP else Why.SUSPENDED
            hold.end_by_decision(why, str(case.decided_by), now=self.clock())

    def _clear(self, work: UnitOfWork, case: Case) -> None:
        known = {(c.list, c.entry, c.compared) for c in work.clearances.of(case.person_id)}
        for hit in work.hits.of_case(case.id):
            key = (hit.list, hit.entry, hit.compared)
            if hit.verdict is Verdict.FALSE_MATCH and key not in known:
                work.clearances.add(clear(hit, clearance_id=self.new_id()))

    def _change(self, case: Case, membership: Membership) -> None:
        reasons, by, second = case.reasons or (), str(case.decided_by), case.second_by
        now = self.clock()
        match case.outcome:
            case Outcome.SUSPEND if membership.status in {Status.ACTIVE, Status.HELD}:
                membership.suspend(reasons, by, str(second), now=now)
            case Outcome.REVOKE if membership.status not in {Status.REVOKED, Status.ENDED}:
                membership.revoke(reasons, by, str(second), now=now)
            case Outcome.KEEP if membership.status is Status.SUSPENDED:
                membership.reinstate(reasons, by, second, now=now)
