"""Somebody has looked at an alarm; headquarters hears who, and when."""

from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.use_cases.reads import Reads
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.events import Cause, Outgoing


@dataclass(frozen=True, kw_only=True)
class AcknowledgeAlarm:
    """Note who has seen an alarm; the first one counts."""

    reads: Reads
    desk: DeskTransactions
    clock: Clock

    def __call__(self, alarm_id: UUID, officer: str, *, cause: Cause | None = None) -> bool:
        """Note it and return true, or false if somebody had before; or raise ``NotFound``."""
        alarm, now = self.reads.alarm(alarm_id), self.clock()
        with self.desk(cause=cause) as work:
            if not work.acknowledge(alarm_id, alarm.lane, officer, now=now):
                return False
            work.send(
                Outgoing(
                    type="lane_gateway.alarm_acknowledged.v1",
                    subject=f"acknowledgement-{alarm_id}",
                    body={
                        "alarm_id": str(alarm_id),
                        "code": alarm.code,
                        "lane": alarm.lane,
                        "at": now.isoformat().replace("+00:00", "Z"),
                        "officer": officer,
                    },
                )
            )
            work.commit()
        return True
