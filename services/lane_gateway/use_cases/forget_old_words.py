"""Forget plates and officers' words at the desk once their time is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.lane_gateway.domain.retention import LANE_WORDS
from services.lane_gateway.use_cases.site_ports import DeskTransactions
from shared.clock import Clock
from shared.retention import BATCH, RetentionRow, row_in_force


@dataclass(frozen=True, kw_only=True)
class ForgetOldWords:
    """Carries the row of retention out in the desk's file; a lane's agent does in its own."""

    desk: DeskTransactions
    retention: Sequence[RetentionRow]
    clock: Clock
    batch: int = BATCH

    def __call__(self) -> Mapping[str, int]:
        """Return how many commands were emptied; doing it again is harmless."""
        now = self.clock()
        before = row_in_force(self.retention, LANE_WORDS, now.date()).keeps_from(now)
        emptied = 0
        while True:
            with self.desk() as work:
                rows = work.forget_words(before=before, limit=self.batch)
                work.commit()
            emptied += rows
            if rows < self.batch:
                return {LANE_WORDS: emptied}
