"""Lift a hold on an officer's word."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class LiftHold:
    """Free the member; the review goes on."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, hold_id: UUID, reason: str, *, staff: Staff, cause: Cause | None = None
    ) -> None:
        """Lift it; raise ``NotFound``, ``InvalidInput``, ``OwnFile`` or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            hold = work.holds.get(hold_id)
            hold.lift(staff.within(work), reason, now=self.clock())
            work.commit(result=str(hold_id))
