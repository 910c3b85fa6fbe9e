"""Issue a card: bind a blank chip to a member, then accept what the encoder read back."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.card import Card, Status
from services.enrollment.domain.credential import ChangeKind
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.membership import Status as MembershipStatus
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.domain.transitions import IllegalTransition
from services.enrollment.use_cases.drawing import draw_secrets, drawn_again
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import CardRandomness, Transactions, UnitOfWork
from services.enrollment.use_cases.telling_sites import send_records, tell_feed_of_card
from shared.clock import Clock
from shared.events import Cause
from shared.ids import NewId

TO_BE_REPLACED = frozenset({Status.LOST, Status.STOLEN, Status.DAMAGED})


@dataclass(frozen=True, kw_only=True)
class IssueCard:
    """Order a card for a member on a blank chip whose TID the encoder has read."""

    transactions: Transactions
    random: CardRandomness
    clock: Clock
    new_id: NewId

    def __call__(
        self, membership_id: UUID, *, tid: bytes, cause: Cause | None = None
    ) -> tuple[Card, Membership, bytes | None]:
        """Draw the card's number and secrets; they are shown to the officer once, from here.

        The third is the key that the chip gets, ``None`` where cards get none.

        Raise ``NotFound``, ``CardInUse``, ``ChipKnown``, ``InvalidInput`` or
        ``IllegalTransition``.
        """

        def act() -> tuple[Card, Membership, bytes | None]:
            with self.transactions(cause) as work:
                membership = work.memberships.get(membership_id)
                card = self._order(work, membership, tid)
                key = work.chip_keys.of(card)
                work.commit(result=str(card.id))
            return card, membership, key

        return drawn_again(act)

    def _order(self, work: UnitOfWork, membership: Membership, tid: bytes) -> Card:
        if membership.status in {MembershipStatus.ENDED, MembershipStatus.REVOKED}:
            raise IllegalTransition("card", membership.status, Status.ORDERED)
        now = self.clock()
        today = legal_date(membership.form, now)
        card = Card.order(
            card_id=self.new_id(),
            membership_id=membership.id,
            person_id=membership.person_id,
            secrets=draw_secrets(self.random, chip_master=work.chip_keys.master()),
            tid=tid,
            now=now,
        )
        for old in work.cards.of(membership.id):
            if old.status in TO_BE_REPLACED:
                old.replace()
                tell_feed_of_card(work, membership, ChangeKind.REPLACED, card=old, on=today)
        work.cards.add(card)
        tell_feed_of_card(work, membership, ChangeKind.ISSUED, card=card, on=today)
        send_records(work, membership, card)
        return card


@dataclass(frozen=True, kw_only=True)
class HandOverCard:
    """Accept an encoded card and mail it or hand it over."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self, card_id: UUID, *, epc: bytes, tid: bytes, cause: Cause | None = None
    ) -> Card:
        """Compare what the encoder read back; the time for activation runs from here.

        Raise ``NotFound``, ``CardMismatch`` or ``IllegalTransition``.
        """
        with self.transactions(cause) as work:
            card = work.cards.get(card_id)
            membership = work.memberships.get(card.membership_id)
            today = legal_date(membership.form, self.clock())
            days = self.policy.value(membership.program, Rule.ACTIVATION_DAYS, today)
            card.encoded(epc=epc, tid=tid)
            card.mail(today=today, activation_days=days)
            work.commit(result=str(card.id))
        return card


@dataclass(frozen=True, kw_only=True)
class VoidCard:
    """Give up a card that was ordered and not handed over, such as a chip that broke."""

    transactions: Transactions
    clock: Clock

    def __call__(self, card_id: UUID, *, cause: Cause | None = None) -> None:
        """End it; raise ``NotFound`` or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            card = work.cards.get(card_id)
            if card.status not in {Status.ORDERED, Status.ENCODED}:
                raise IllegalTransition("card", card.status, Status.ENDED)
            membership = work.memberships.get(card.membership_id)
            card.end()
            today = legal_date(membership.form, self.clock())
            tell_feed_of_card(work, membership, ChangeKind.REPLACED, card=card, on=today)
            work.commit()
