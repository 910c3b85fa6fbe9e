"""Note a signed head of the feed: from now on the list is known to be as young as it says."""

from dataclasses import dataclass

from services.lane_gateway.domain.feed import FeedHead, NewestHead
from services.lane_gateway.use_cases.site_clock import SiteClock
from services.lane_gateway.use_cases.site_ports import CarrierTransactions, Waker


@dataclass(frozen=True, kw_only=True)
class NoteHead:
    """Keep the newest head with the times at which it came."""

    carrier: CarrierTransactions
    clock: SiteClock
    waker: Waker

    def __call__(self, head: FeedHead) -> None:
        """Keep the head, or raise ``HeadTurnedBack``."""
        now = self.clock()
        newest = NewestHead(
            position=head.position,
            at=head.at,
            arrived_at=now.wall,
            monotonic=now.monotonic,
            boot_id=now.boot_id,
        )
        with self.carrier() as work:
            work.note_head(newest)
            work.commit()
        self.waker.wake_all()
