"""Keep what lanes bind themselves to before they draw vehicles by chance, and hold them to it."""

from dataclasses import dataclass

from services.enrollment.domain.crossing import Alarm
from services.enrollment.domain.lane_selection import SelectionCommitment, SelectionTold
from services.enrollment.use_cases.ports import Transactions
from shared.events import Cause
from shared.ids import NewId

BROKEN = "selection_broken"


@dataclass(frozen=True, kw_only=True)
class FollowSelections:
    """Headquarters' word against a lane that would draw anew until it likes the outcome."""

    transactions: Transactions
    new_id: NewId

    def committed(self, commitment: SelectionCommitment, *, cause: Cause | None = None) -> None:
        """Keep a commitment as it came first."""
        with self.transactions(cause) as work:
            work.selections.committed(commitment)
            work.commit()

    def told(self, told: SelectionTold, *, cause: Cause | None = None) -> None:
        """Keep a seed; one that is not what the lane was bound to is an alarm.

        Raise ``NotFound`` for a period that the lane never bound itself to.
        """
        with self.transactions(cause) as work:
            holds = work.selections.of(told).holds(told.seed)
            work.selections.told(told, holds=holds)
            if not holds:
                work.crossings.alarm(
                    Alarm(
                        id=self.new_id(),
                        site=told.site,
                        code=BROKEN,
                        lane=told.lane,
                        at=told.at,
                        officer="",
                    )
                )
            work.commit()
