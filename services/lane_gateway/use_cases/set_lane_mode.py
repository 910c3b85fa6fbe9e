"""A port supervisor opens or closes a lane; it concerns the next vehicle, not the current one."""

from dataclasses import dataclass

from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.use_cases.site_ports import DeskTransactions, Waker
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class SetLaneMode:
    """Set the mode that is wanted for a lane."""

    desk: DeskTransactions
    waker: Waker

    def __call__(self, lane: str, mode: LaneMode, *, cause: Cause | None = None) -> None:
        """Set the mode, or raise ``NotFound`` for a lane that is none."""
        with self.desk(cause=cause) as work:
            work.set_mode(lane, mode)
            work.commit()
        self.waker.wake(lane)
