"""Read what is one's own: an application, the membership with its cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment
from services.enrollment.domain.card import Card
from services.enrollment.domain.membership import Membership
from services.enrollment.use_cases.fetching import own_application, own_membership
from services.enrollment.use_cases.ports import Transactions


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that a person has with us."""

    applications: Sequence[Application]
    membership: Membership | None
    cards: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class ReadOwn:
    """Reads for the person whom they are about."""

    transactions: Transactions

    def application(self, application_id: UUID, *, person_id: UUID) -> Application:
        """Return the person's application, or raise ``NotFound``."""
        with self.transactions() as work:
            return own_application(work, application_id, person_id)

    def appointment(self, application_id: UUID, *, person_id: UUID) -> Appointment | None:
        """Return the appointment that is held, booked or checked in, if there is one."""
        with self.transactions() as work:
            own_application(work, application_id, person_id)
            return work.appointments.live(application_id)

    def membership(self, *, person_id: UUID) -> Membership:
        """Return the person's membership, or raise ``NotFound``."""
        with self.transactions() as work:
            return own_membership(work, person_id)

    def overview(self, *, person_id: UUID) -> Overview:
        """Return all that the person has with us."""
        with self.transactions() as work:
            membership = work.memberships.of(person_id)
            return Overview(
                applications=work.applications.of(person_id),
                membership=membership,
                cards=() if membership is None else work.cards.of(membership.id),
            )
