"""An officer takes over a lane; every decision there names them from now on."""

from dataclasses import dataclass

from services.lane_gateway.use_cases.site_ports import DeskTransactions, Waker
from shared.clock import Clock
from shared.errors import Conflict
from shared.events import Cause


class LaneTaken(Conflict):
    """Another officer is signed on to the lane."""

    code = "lane_taken"


@dataclass(frozen=True, kw_only=True)
class SignOnToLane:
    """Sign an officer on to a lane."""

    desk: DeskTransactions
    waker: Waker
    clock: Clock

    def __call__(self, lane: str, officer: str, *, cause: Cause | None = None) -> None:
        """Sign on, or raise ``LaneTaken`` while another officer is, or ``NotFound``."""
        with self.desk(cause=cause) as work:
            if work.signed_on(lane) not in {None, officer}:
                raise LaneTaken("Another officer is signed on to this lane")
            work.sign_on(lane, officer, now=self.clock())
            work.commit()
        self.waker.wake(lane)
