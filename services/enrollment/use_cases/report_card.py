"""Report a card lost or stolen: no lane opens for it any more."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.card import Card, Status
from services.enrollment.domain.credential import ChangeKind
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import Transactions
from services.enrollment.use_cases.telling_sites import tell_feed_of_card
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause

KINDS = {
    Status.LOST: ChangeKind.REPORTED_LOST,
    Status.STOLEN: ChangeKind.REPORTED_STOLEN,
}


@dataclass(frozen=True, kw_only=True)
class ReportCard:
    """Disable a card on its holder's word."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, card_id: UUID, *, person_id: UUID, what: Status, cause: Cause | None = None
    ) -> Card:
        """Disable it; raise ``NotFound`` for another's card, or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            card = work.cards.get(card_id)
            if card.person_id != person_id:
                raise NotFound(f"No card {card_id}")
            card.report(what)
            membership = work.memberships.get(card.membership_id)
            today = legal_date(membership.form, self.clock())
            tell_feed_of_card(work, membership, KINDS[what], card=card, on=today)
            work.commit(result=str(card.id))
        return card
