"""Give a hold more time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ExtendHold:
    """Extend a hold with a reason; a supervisor's right."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        hold_id: UUID,
        until: datetime,
        reason: str,
        *,
        staff: Staff,
        cause: Cause | None = None,
    ) -> None:
        """Extend it; raise ``NotFound``, ``SupervisorNeeded`` or ``InvalidInput``."""
        with self.transactions(cause) as work:
            hold = work.holds.get(hold_id)
            hold.extend(until, staff.within(work), reason, now=self.clock())
            work.commit(result=str(hold_id))
