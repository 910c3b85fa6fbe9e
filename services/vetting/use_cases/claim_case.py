"""Take a case from the queue."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ClaimCase:
    """Give the case to one officer for the time of the lease."""

    transactions: Transactions
    clock: Clock

    def __call__(self, case_id: UUID, staff: Staff, *, cause: Cause | None = None) -> None:
        """Claim it; raise ``NotFound``, ``ClaimedByOther``, ``OwnFile`` or ``Stale``."""
        with self.transactions(cause) as work:
            case = work.cases.get(case_id)
            case.claim(staff.within(work), now=self.clock())
            work.commit(result=str(case_id))
