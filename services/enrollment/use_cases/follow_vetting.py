"""Follow vetting's word on members: holds, suspensions, revocations and the way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.credential import ChangeKind
from services.enrollment.domain.membership import Membership, Reasons
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from services.enrollment.use_cases.telling_sites import tell_feed
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class FollowVetting:
    """Change a membership and tell every lane in the same transaction."""

    transactions: Transactions
    clock: Clock

    def place_hold(
        self, hold_id: UUID, membership_ids: Sequence[UUID], *, cause: Cause | None = None
    ) -> None:
        """Keep members out of the lanes for now; raise ``NotFound`` or ``AlreadyDone``."""
        with self.transactions(cause) as work:
            for membership_id in membership_ids:
                membership = work.memberships.get(membership_id)
                if membership.place_hold(hold_id):
                    self._tell(work, membership, ChangeKind.HELD)
            work.commit()

    def lift_hold(self, hold_id: UUID, person_id: UUID, *, cause: Cause | None = None) -> None:
        """Take a hold away; a person without membership, or without this hold, is no error."""
        with self.transactions(cause) as work:
            membership = work.memberships.of(person_id)
            if membership is not None and membership.lift_hold(hold_id):
                self._tell(work, membership, ChangeKind.RELEASED)
            work.commit()

    def suspend(self, membership_id: UUID, reasons: Reasons, *, cause: Cause | None = None) -> None:
        """Stop a membership, with reasons; raise ``NotFound`` or ``IllegalTransition``."""
        self._change(membership_id, lambda m: m.suspend(reasons), ChangeKind.SUSPENDED, cause)

    def revoke(self, membership_id: UUID, reasons: Reasons, *, cause: Cause | None = None) -> None:
        """Take a membership away, with reasons; raise ``NotFound`` or ``IllegalTransition``."""
        self._change(membership_id, lambda m: m.revoke(reasons), ChangeKind.REVOKED, cause)

    def reinstate(self, membership_id: UUID, *, cause: Cause | None = None) -> None:
        """Give a membership back, without a new card; raise as ``suspend`` does."""
        self._change(membership_id, Membership.reinstate, ChangeKind.REINSTATED, cause)

    def _change(
        self,
        membership_id: UUID,
        change: Callable[[Membership], None],
        kind: ChangeKind,
        cause: Cause | None,
    ) -> None:
        with self.transactions(cause) as work:
            membership = work.memberships.get(membership_id)
            change(membership)
            self._tell(work, membership, kind)
            work.commit()

    def _tell(self, work: UnitOfWork, membership: Membership, kind: ChangeKind) -> None:
        today = legal_date(membership.form, self.clock())
        tell_feed(work, membership, kind, cards=work.cards.of(membership.id), on=today)
