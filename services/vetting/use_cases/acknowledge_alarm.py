"""Note that a supervisor has seen an alarm."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class AcknowledgeAlarm:
    """Take an alarm off the supervisor's page."""

    transactions: Transactions
    clock: Clock

    def __call__(self, alarm_id: UUID, *, staff: Staff, cause: Cause | None = None) -> None:
        """Acknowledge it; raise ``NotFound``, ``SupervisorNeeded`` or ``Conflict``."""
        with self.transactions(cause) as work:
            work.alarms.get(alarm_id).acknowledge(staff.within(work), now=self.clock())
            work.commit(result=str(alarm_id))
