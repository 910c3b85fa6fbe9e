"""Change lanes when their schedule says so; the lane takes it over with its next vehicle."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.lane_gateway.domain.schedule import last_turn
from services.lane_gateway.use_cases.reads import Schedules
from services.lane_gateway.use_cases.site_ports import DeskTransactions, Waker
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class KeepSchedules:
    """Carry out the newest turn of each lane that has not been carried out yet.

    After a time in which nobody looked only the newest one counts: what came before is over.
    """

    reads: Schedules
    desk: DeskTransactions
    waker: Waker
    clock: Clock

    def __call__(self) -> int:
        """Return how many lanes were changed."""
        now, changed = self.clock(), 0
        for row in self.reads.lanes():
            planned = self.reads.switches(row.lane)
            turn = last_turn(planned, zone=ZoneInfo(row.zone), now=now)
            if turn is None or (row.switched_at is not None and turn.at <= row.switched_at):
                continue
            with self.desk() as work:
                work.switch(turn.switch, at=turn.at)
                work.commit()
            self.waker.wake(row.lane)
            changed += 1
        return changed
