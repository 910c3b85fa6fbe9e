"""Give a case back to the queue."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ReleaseCase:
    """Let another officer have the case."""

    transactions: Transactions
    clock: Clock

    def __call__(self, case_id: UUID, staff: Staff, *, cause: Cause | None = None) -> None:
        """Release it; raise ``NotFound`` or ``NotHolder``."""
        with self.transactions(cause) as work:
            work.cases.get(case_id).release(staff.within(work), now=self.clock())
            work.commit(result=str(case_id))
