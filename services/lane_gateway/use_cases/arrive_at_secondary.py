"""A vehicle has arrived at secondary inspection."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ArriveAtSecondary:
    """Note the arrival of a vehicle that was sent here."""

    desk: DeskTransactions
    clock: Clock

    def __call__(self, visit_id: UUID, officer: str, *, cause: Cause | None = None) -> None:
        """Note the arrival, late or not; or raise ``NotFound`` or ``Conflict``."""
        with self.desk(cause=cause) as work:
            work.visits.get(visit_id).arrive(officer, now=self.clock())
            work.commit()
