"""Receive an applicant at the center, or note that they did not come."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class CheckIn:
    """Note that an applicant is there."""

    transactions: Transactions

    def __call__(self, appointment_id: UUID, *, cause: Cause | None = None) -> None:
        """Check in; raise ``NotFound`` or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            work.appointments.get(appointment_id).check_in()
            work.commit()


@dataclass(frozen=True, kw_only=True)
class MissAppointment:
    """Note that an applicant did not come; they can book again."""

    transactions: Transactions
    clock: Clock

    def __call__(self, appointment_id: UUID, *, cause: Cause | None = None) -> None:
        """Note it; raise ``NotFound`` or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            appointment = work.appointments.get(appointment_id)
            appointment.miss()
            application = work.applications.get(appointment.application_id)
            application.interview_released(now=self.clock())
            work.commit()
