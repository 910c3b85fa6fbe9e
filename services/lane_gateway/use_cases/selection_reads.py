"""What is read of the lanes' draws by chance, and where from; nothing here changes anything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.lane_gateway.domain.selection_proof import RecordedPeriod
from services.lane_gateway.domain.selection_report import SelectionReport


class SelectionReads(Protocol):
    """The draws in the lanes' records; each call raises ``Unavailable`` where one is not there."""

    def report(self, lanes: Sequence[str], *, since: datetime) -> SelectionReport:
        """Return the periods that began since then, and the inspections of that time."""

    def period(self, lane: str, period: str) -> RecordedPeriod:
        """Return all that the record has of one period, or raise ``NotFound``."""

    def periods(self, lane: str) -> Sequence[str]:
        """Return the days of the lane's periods, oldest first."""
