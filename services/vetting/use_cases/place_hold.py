"""Place a hold on an officer's word, while a review is open."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.hold import LASTS, Hold
from services.vetting.domain.membership import CAN_BE_HELD
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import Conflict
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class PlaceHold:
    """Hold a member whose case an officer works on."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(
        self, case_id: UUID, reason: str, *, staff: Staff, cause: Cause | None = None
    ) -> UUID:
        """Place it; raise ``NotFound``, ``NotHolder`` or ``Conflict``."""
        with self.transactions(cause) as work:
            case, officer, now = work.cases.get(case_id), staff.within(work), self.clock()
            case.keep_lease(officer, now=now)
            held = [m for m in work.memberships.of(case.person_id) if m.status in CAN_BE_HELD]
            if not held or work.holds.placed_on(case.person_id) is not None:
                raise Conflict("There is no membership to hold, or it is held already")
            hold = Hold(
                id=self.new_id(),
                person_id=case.person_id,
                case_id=case.id,
                membership_ids=[str(membership.id) for membership in held],
                placed_at=now,
                expires_at=now + LASTS,
                placed_by=officer.subject,
                reason=reason.strip(),
            )
            work.holds.add(hold)
            hold.place()
            work.commit(result=str(hold.id))
        return hold.id
