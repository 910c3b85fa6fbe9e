"""Tell headquarters how far this site has applied the feed."""

from dataclasses import dataclass
from datetime import datetime

from services.lane_gateway.use_cases.site_ports import CarrierTransactions, Waker
from shared.clock import Clock
from shared.events import Outgoing


@dataclass(frozen=True, kw_only=True)
class ReportApplied:
    """Wake the lanes, then report the number of the last entry applied."""

    site: str
    carrier: CarrierTransactions
    clock: Clock
    waker: Waker

    def __call__(self, number: int, *, head_at: datetime | None = None) -> None:
        """Report ``number``; the lanes see the entry already."""
        self.waker.wake_all()
        body = {
            "site": self.site,
            "number": number,
            "head_time": head_at.isoformat().replace("+00:00", "Z") if head_at else None,
            "applied_at": self.clock().isoformat().replace("+00:00", "Z"),
        }
        with self.carrier() as work:
            work.send(Outgoing(type="lane_gateway.feed_applied.v1", subject=self.site, body=body))
            work.commit()
