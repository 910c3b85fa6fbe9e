"""Take up a decided review again, such as to end a suspension."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case_states import Kind
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import Conflict
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ReopenCase:
    """Put a decided review back into the queue; applications come back by interview or appeal."""

    transactions: Transactions
    clock: Clock

    def __call__(self, case_id: UUID, *, staff: Staff, cause: Cause | None = None) -> None:
        """Reopen it; raise ``NotFound``, ``OwnFile``, ``IllegalTransition`` or ``Conflict``."""
        with self.transactions(cause) as work:
            case = work.cases.get(case_id)
            staff.within(work).must_be_free_for(case.person_id)
            if case.kind is not Kind.REVIEW or work.cases.open_review(case.person_id) is not None:
                raise Conflict("Only a review is taken up again, and one at a time")
            case.reopen("officer", now=self.clock())
            work.commit(result=str(case_id))
