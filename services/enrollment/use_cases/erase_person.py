"""Erase a person: the data key goes here, and everybody who holds data of theirs is told."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.application import OVER
from services.enrollment.domain.card import Status as CardStatus
from services.enrollment.domain.credential import Change, ChangeKind, Status, describe
from services.enrollment.domain.erasure import Erasure
from services.enrollment.domain.membership import Membership
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ErasePerson:
    """End everything of a person and forget what was sealed for them."""

    transactions: Transactions
    clock: Clock

    def __call__(self, person_id: UUID, *, cause: Cause | None = None) -> int:
        """Erase; return how many things of theirs were ended. Doing it again is harmless."""
        now = self.clock()
        with self.transactions(cause) as work:
            cards = work.cards.of_person(person_id)
            sites = {site for card in cards for site in work.records.sites_of(card.id)}
            ended = _end_applications(work, person_id, now)
            membership = work.memberships.of(person_id)
            if membership is not None:
                self._end_membership(work, membership, now)
                ended += 1
            erasure = Erasure(
                id=person_id,
                credential_ids=tuple(card.id for card in cards),
                sites=tuple(sorted(sites)),
            )
            erasure.announce()
            work.erase(person_id)
            work.erasures.begin(erasure, rows=ended, at=now)
            work.commit()
        return ended

    def _end_membership(self, work: UnitOfWork, membership: Membership, now: datetime) -> None:
        today = legal_date(membership.form, now)
        membership.end()
        for card in work.cards.of(membership.id):
            said = replace(describe(membership, card, today=today), plates=(), status=Status.ENDED)
            if card.status is not CardStatus.ENDED:
                card.end()
            work.feed.add(Change(kind=ChangeKind.ERASED, credential=said))


@dataclass(frozen=True, kw_only=True)
class KeepReceipt:
    """Keep another holder's receipt of an erasure."""

    transactions: Transactions

    def __call__(
        self,
        person_id: UUID,
        *,
        holder: str,
        rows: int,
        at: datetime,
        cause: Cause | None = None,
    ) -> None:
        """Keep it; raise ``AlreadyDone`` for a repeat."""
        with self.transactions(cause) as work:
            work.erasures.receipt(person_id, holder=holder, rows=rows, at=at)
            work.commit()


def _end_applications(work: UnitOfWork, person_id: UUID, now: datetime) -> int:
    ended = 0
    for application in work.applications.of(person_id):
        if application.status in OVER:
            continue
        appointment = work.appointments.live(application.id)
        application.withdraw(now=now)
        if appointment is not None:
            appointment.cancel()
        ended += 1
    return ended
