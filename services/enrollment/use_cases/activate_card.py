"""Activate a card with the number on its face and the code on its back."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.birthday import age
from services.enrollment.domain.card import Card, Status, WrongCode
from services.enrollment.domain.credential import ChangeKind
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.use_cases.fetching import legal_date, own_membership
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from services.enrollment.use_cases.telling_sites import tell_feed_of_card
from shared.clock import Clock
from shared.errors import Forbidden, NotFound
from shared.events import Cause


class GuardianNeeded(Forbidden):
    """A minor's card is activated by the guardian at the center."""

    code = "guardian_needed"


@dataclass(frozen=True, kw_only=True)
class CardCodes:
    """What is printed on the card."""

    passid: str
    security_code: str


@dataclass(frozen=True, kw_only=True)
class ActivateCard:
    """Put the member's own card into use."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(self, person_id: UUID, codes: CardCodes, *, cause: Cause | None = None) -> Card:
        """Activate the card that waits for it.

        Raise ``NotFound``, ``WrongCode`` (the try is counted), ``TooManyTries``,
        ``ActivationLapsed`` or ``GuardianNeeded``.
        """
        with self.transactions(cause) as work:
            membership = own_membership(work, person_id)
            today = legal_date(membership.form, self.clock())
            adult_at = self.policy.value(membership.program, Rule.CONSENT_AGE, today)
            if age(membership.born, today) < adult_at:
                raise GuardianNeeded("A minor's card is activated by the guardian at the center")
            card = _waiting(work.cards.of(membership.id))
            right = _try(work, (membership, card), codes, now=self.clock())
        if not right:
            raise WrongCode(card.tries_left)
        return card


@dataclass(frozen=True, kw_only=True)
class ActivateAtCenter:
    """Put a card into use at the counter, for a minor whose guardian is there."""

    transactions: Transactions
    clock: Clock

    def __call__(self, card_id: UUID, codes: CardCodes, *, cause: Cause | None = None) -> Card:
        """Activate it; raise as ``ActivateCard`` does."""
        with self.transactions(cause) as work:
            card = work.cards.get(card_id)
            membership = work.memberships.get(card.membership_id)
            right = _try(work, (membership, card), codes, now=self.clock())
        if not right:
            raise WrongCode(card.tries_left)
        return card


def _waiting(cards: Sequence[Card]) -> Card:
    for card in cards:
        if card.status in {Status.MAILED, Status.LAPSED}:
            return card
    raise NotFound("No card waits for activation")


def _try(
    work: UnitOfWork, found: tuple[Membership, Card], codes: CardCodes, *, now: datetime
) -> bool:
    """Try the codes and commit, a wrong try too; tell whether they were right."""
    membership, card = found
    today = legal_date(membership.form, now)
    typed = f"{codes.passid} {codes.security_code}"
    printed = f"{membership.passid} {card.secrets.security_code}"
    right = hmac.compare_digest(typed.encode(), printed.encode())
    if card.activate(code_right=right, today=today, now=now):
        tell_feed_of_card(work, membership, ChangeKind.ACTIVATED, card=card, on=today)
    work.commit(result=str(card.id))
    return right
