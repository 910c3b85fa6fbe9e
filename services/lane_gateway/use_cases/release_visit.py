"""A vehicle leaves secondary inspection."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ReleaseVisit:
    """Let an inspected vehicle go."""

    desk: DeskTransactions
    clock: Clock

    def __call__(self, visit_id: UUID, officer: str, *, cause: Cause | None = None) -> None:
        """Release it, or raise ``NotFound`` or ``Conflict`` before every person has a result."""
        with self.desk(cause=cause) as work:
            work.visits.get(visit_id).release(officer, now=self.clock())
            work.commit()
