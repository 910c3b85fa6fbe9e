"""A port supervisor plans when a lane changes by itself, or takes such a plan back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType
from services.lane_gateway.domain.schedule import WEEK, Switch
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.errors import InvalidInput
from shared.events import Cause
from shared.ids import NewId

PLANNABLE = frozenset({LaneMode.CLOSED, LaneMode.ATTENDED})
"""The two modes without an officer in the booth come by policy alone."""


@dataclass(frozen=True, kw_only=True)
class PlanLane:
    """Add a switch to a lane's schedule, or remove one."""

    desk: DeskTransactions
    clock: Clock
    new_id: NewId

    def add(
        self,
        lane: str,
        *,
        weekdays: Collection[int],
        at: time,
        mode: LaneMode,
        lane_type: LaneType,
        cause: Cause | None = None,
    ) -> UUID:
        """Return the new switch's id; raise ``InvalidInput`` or ``NotFound``."""
        if not weekdays or not set(weekdays) <= set(range(WEEK)):
            raise InvalidInput({"weekdays": ["out_of_range"]})
        if mode not in PLANNABLE:
            raise InvalidInput({"mode": ["out_of_range"]})
        switch = Switch(
            id=self.new_id(),
            lane=lane,
            weekdays=frozenset(weekdays),
            at=at.replace(second=0, microsecond=0, tzinfo=None),
            mode=mode,
            lane_type=lane_type,
            made_at=self.clock(),
        )
        with self.desk(cause=cause) as work:
            work.plan(switch)
            work.commit()
        return switch.id

    def remove(self, lane: str, switch_id: UUID) -> None:
        """Take a switch back; or raise ``NotFound``."""
        with self.desk() as work:
            work.unplan(lane, switch_id)
            work.commit()
