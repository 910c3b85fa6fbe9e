"""What the clock brings about: lost leases and holds that ran out."""

from dataclasses import dataclass

from services.vetting.domain.alarm import Alarm, Code
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.ids import NewId

BATCH = 100


@dataclass(frozen=True, kw_only=True)
class LoseLeases:
    """Return cases to the queue whose officers have left the desk."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many went back."""
        with self.transactions() as work:
            now = self.clock()
            lost = work.cases.with_lost_lease(now, limit=BATCH)
            for case in lost:
                case.lose_lease(now=now)
            work.commit()
        return len(lost)


@dataclass(frozen=True, kw_only=True)
class ExpireHolds:
    """Free members whose holds ran out undecided, and alarm the supervisor."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(self) -> int:
        """Return how many holds expired."""
        with self.transactions() as work:
            now = self.clock()
            over = work.holds.run_out(now, limit=BATCH)
            for hold in over:
                hold.expire(now=now)
                alarm = Alarm(
                    id=self.new_id(),
                    code=Code.HOLD_EXPIRED,
                    case_id=hold.case_id,
                    person_id=hold.person_id,
                    at=now,
                )
                work.alarms.add(alarm)
                alarm.sound()
            work.commit()
        return len(over)
