"""Raise the alarm for vehicles that were sent to secondary and did not arrive (statement 51)."""

from dataclasses import dataclass

from services.lane_gateway.domain.visit import ARRIVES_WITHIN
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class FindMissingVehicles:
    """Mark late vehicles as missing."""

    desk: DeskTransactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many vehicles are newly missing."""
        now = self.clock()
        with self.desk() as work:
            late = work.visits.overdue(now - ARRIVES_WITHIN)
            for visit in late:
                visit.miss(now=now)
            work.commit()
        return len(late)
