"""Open people's files at the center: each look is an entry of the audit with its purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import ApplicationForm
from services.enrollment.domain.appointment import Appointment
from services.enrollment.domain.card import Card
from services.enrollment.domain.membership import Membership
from services.enrollment.use_cases.ports import Transactions
from services.enrollment.use_cases.reading import CardToIssue, DayLine, Queries

DAY_PURPOSE = "reception"


@dataclass(frozen=True, kw_only=True)
class VisitFile:
    """An appointment with the application that it is about."""

    appointment: Appointment
    application: Application


@dataclass(frozen=True, kw_only=True)
class CardFile:
    """A membership with its cards."""

    membership: Membership
    cards: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """Opens one person's file for a member of staff."""

    transactions: Transactions

    def visit(self, appointment_id: UUID, *, purpose: str) -> VisitFile:
        """Return an appointment with its application, or raise ``NotFound``."""
        with self.transactions() as work:
            appointment = work.appointments.get(appointment_id)
            application = work.applications.get(appointment.application_id)
            work.opened(str(application.id), what="application", purpose=purpose)
            work.commit()
        return VisitFile(appointment=appointment, application=application)

    def cards(self, membership_id: UUID, *, purpose: str) -> CardFile:
        """Return a membership with its cards, or raise ``NotFound``."""
        with self.transactions() as work:
            membership = work.memberships.get(membership_id)
            cards = work.cards.of(membership_id)
            work.opened(str(membership_id), what="membership", purpose=purpose)
            work.commit()
        return CardFile(membership=membership, cards=cards)


@dataclass(frozen=True, kw_only=True)
class CenterDay:
    """A center's day: who comes, who waits for a card, and their names by person."""

    lines: Sequence[DayLine]
    to_issue: Sequence[CardToIssue]
    names: Mapping[UUID, str]


@dataclass(frozen=True, kw_only=True)
class ReadDay:
    """Opens a center's day; the names on it are one entry of the audit."""

    transactions: Transactions
    queries: Queries

    def __call__(self, center: str, *, begin: datetime, end: datetime) -> CenterDay:
        """Return the appointments that begin between two instants, and the cards to issue."""
        lines = self.queries.day(center, begin=begin, end=end)
        to_issue = self.queries.cards_to_issue()
        with self.transactions() as work:
            names = {
                line.person_id: _name(work.applications.get(line.application_id).form)
                for line in lines
            }
            for waiting in to_issue:
                names[waiting.person_id] = _name(work.memberships.get(waiting.membership_id).form)
            if names:
                work.opened(center, what="day_list", purpose=DAY_PURPOSE)
                work.commit()
        return CenterDay(lines=lines, to_issue=to_issue, names=names)


def _name(form: ApplicationForm | None) -> str:
    return "" if form is None or form.names is None else form.names.legal.full
