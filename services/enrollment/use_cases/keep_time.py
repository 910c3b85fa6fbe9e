"""What the worker does as time passes: heads, holds, lapses, calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.enrollment.domain.birthday import age_band
from services.enrollment.domain.center import Center
from services.enrollment.domain.credential import ChangeKind
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import Transactions
from services.enrollment.use_cases.telling_sites import tell_feed_of_card
from shared.clock import Clock

HEAD_AGE = timedelta(seconds=20)
"""A head is signed once the newest is older; with the worker's beat of 5 s it is never over 30."""

CALENDAR_DAYS = 28
"""How far ahead slots can be booked."""


@dataclass(frozen=True, kw_only=True)
class SignHead:
    """Sign where the feed stands, so that sites know how fresh their list is."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> bool:
        """Sign a head if one is due; tell whether one was."""
        with self.transactions() as work:
            signed = work.feed.sign_head(self.clock() - HEAD_AGE)
            work.commit()
        return signed


@dataclass(frozen=True, kw_only=True)
class ExpireHolds:
    """Free the slots that nobody confirmed."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many were freed."""
        with self.transactions() as work:
            over = work.appointments.held_until_before(self.clock())
            for appointment in over:
                appointment.expire()
            work.commit()
        return len(over)


@dataclass(frozen=True, kw_only=True)
class LapseApplications:
    """Close approvals whose interview did not follow in time."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many lapsed."""
        now = self.clock()
        with self.transactions() as work:
            late = [
                application
                for application in work.applications.lapsing(now.date())
                if application.lapses_on is not None
                and application.lapses_on < legal_date(application.form, now)
            ]
            for application in late:
                appointment = work.appointments.live(application.id)
                application.lapse(now=now)
                if appointment is not None:
                    appointment.cancel()
            work.commit()
        return len(late)


@dataclass(frozen=True, kw_only=True)
class LapseCards:
    """Close cards that were not activated in time."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many lapsed."""
        now = self.clock()
        lapsed = 0
        with self.transactions() as work:
            for card in work.cards.unactivated(now.date()):
                membership = work.memberships.get(card.membership_id)
                today = legal_date(membership.form, now)
                if card.activate_by is None or card.activate_by >= today:
                    continue
                card.lapse()
                tell_feed_of_card(work, membership, ChangeKind.REPLACED, card=card, on=today)
                lapsed += 1
            work.commit()
        return lapsed


@dataclass(frozen=True, kw_only=True)
class MoveAgeBands:
    """Tell the lanes of members who have grown out of their age band."""

    transactions: Transactions
    clock: Clock

    def __call__(self) -> int:
        """Return how many moved."""
        now = self.clock()
        moved = 0
        with self.transactions() as work:
            for card, said in work.cards.of_the_young(now.date()):
                membership = work.memberships.get(card.membership_id)
                today = legal_date(membership.form, now)
                if membership.form is None or age_band(membership.born, today) == said:
                    continue
                tell_feed_of_card(
                    work, membership, ChangeKind.AGE_BAND_CHANGED, card=card, on=today
                )
                moved += 1
            work.commit()
        return moved


@dataclass(frozen=True, kw_only=True)
class OpenCalendars:
    """Open the slots of the days to come."""

    transactions: Transactions
    centers: Sequence[Center]
    clock: Clock

    def __call__(self) -> int:
        """Return how many slots are new."""
        now = self.clock()
        slots = [
            slot
            for center in self.centers
            for day in range(CALENDAR_DAYS)
            for slot in center.slots(center.today(now) + timedelta(days=day))
            if slot.starts_at > now
        ]
        with self.transactions() as work:
            opened = work.appointments.open_slots(slots)
            work.commit()
        return opened
