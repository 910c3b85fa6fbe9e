"""Forget what has been kept for long enough: what closed cases hold, and dossiers with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.retention import BATCH, RetentionRow, kinds, row_in_force


@dataclass(frozen=True, kw_only=True)
class ForgetOldRecords:
    """Carries the rows of retention out, in transactions of up to a thousand records."""

    transactions: Transactions
    retention: Sequence[RetentionRow]
    clock: Clock
    batch: int = BATCH

    def __call__(self) -> Mapping[str, int]:
        """Return how many records of each kind were forgotten; doing it again is harmless."""
        now = self.clock()
        return {kind: self._forget(kind, now) for kind in kinds(self.retention)}

    def _forget(self, kind: str, now: datetime) -> int:
        before = row_in_force(self.retention, kind, now.date()).keeps_from(now)
        forgotten = 0
        while True:
            with self.transactions() as work:
                rows = work.old_records.forget(kind, before=before, limit=self.batch)
                work.old_records.ran(kind, rows=rows, at=now)
                work.commit()
            forgotten += rows
            if rows < self.batch:
                return forgotten
