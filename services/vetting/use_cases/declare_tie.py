"""Declare that a file is one's own or a relative's."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case_states import HELD_BY_OFFICER
from services.vetting.domain.tie import Tie
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class DeclareTie:
    """Close the person's files to this officer; a case that they hold goes back to the queue."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(self, case_id: UUID, staff: Staff, *, cause: Cause | None = None) -> None:
        """Declare it; raise ``NotFound``."""
        with self.transactions(cause) as work:
            case, officer, now = work.cases.get(case_id), staff.within(work), self.clock()
            if case.person_id not in officer.ties:
                if case.officer == staff.subject and case.status in HELD_BY_OFFICER:
                    case.release(officer, now=now)
                tie = Tie(
                    id=self.new_id(),
                    officer=staff.subject,
                    person_id=case.person_id,
                    case_id=case_id,
                    declared_at=now,
                )
                work.ties.add(tie)
                tie.declare()
            work.commit(result=str(case_id))
