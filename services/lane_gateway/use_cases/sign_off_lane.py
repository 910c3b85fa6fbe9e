"""An officer leaves a lane, or a port supervisor takes them off it."""

from dataclasses import dataclass

from services.lane_gateway.use_cases.sign_on_to_lane import LaneTaken
from services.lane_gateway.use_cases.site_ports import DeskTransactions, Waker
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class SignOffLane:
    """Leave a lane without an officer; nothing is admitted there until one signs on."""

    desk: DeskTransactions
    waker: Waker

    def __call__(
        self, lane: str, officer: str, *, supervisor: bool = False, cause: Cause | None = None
    ) -> None:
        """Sign off, or raise ``NotFound``, or ``LaneTaken`` where it is another officer's lane."""
        with self.desk(cause=cause) as work:
            if work.signed_on(lane) not in {None, officer} and not supervisor:
                raise LaneTaken("Another officer is signed on to this lane")
            work.sign_off(lane)
            work.commit()
        self.waker.wake(lane)
