"""Change a member's vehicles: the lanes' lists and vetting follow."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application_form import Rules
from services.enrollment.domain.credential import ChangeKind
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.domain.vehicle import Vehicle
from services.enrollment.use_cases.fetching import legal_date, own_membership
from services.enrollment.use_cases.ports import Transactions
from services.enrollment.use_cases.submit_application import check_vehicles
from services.enrollment.use_cases.telling_sites import send_records, tell_feed
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ChangeVehicles:
    """Replace the vehicles that a member crosses with."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self,
        person_id: UUID,
        vehicles: tuple[Vehicle, ...],
        *,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Membership:
        """Replace them; raise ``NotFound``, ``Stale`` or ``FormInvalid``."""
        with self.transactions(cause) as work:
            membership = own_membership(work, person_id)
            if version is not None and membership.version != version:
                raise Stale("The membership was changed meanwhile")
            today = legal_date(membership.form, self.clock())
            limit = self.policy.value(membership.program, Rule.MEMBERS_PER_VEHICLE, today)
            membership.change_vehicles(
                vehicles, rules=Rules.of(self.policy, membership.program, today)
            )
            check_vehicles(work, vehicles, person_id=person_id, limit=limit)
            work.memberships.put_vins(membership)
            cards = work.cards.of(membership.id)
            tell_feed(work, membership, ChangeKind.VEHICLES_CHANGED, cards=cards, on=today)
            for card in cards:
                send_records(work, membership, card)
            work.commit(result=str(membership.id))
        return membership
