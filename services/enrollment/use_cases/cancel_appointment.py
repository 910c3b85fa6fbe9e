"""Cancel an appointment: the slot is free again, and another can be booked."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.appointment import Status
from services.enrollment.use_cases.fetching import own_application
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class CancelAppointment:
    """Give a held or booked slot back."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, application_id: UUID, *, person_id: UUID, cause: Cause | None = None
    ) -> None:
        """Cancel it; raise ``NotFound`` where there is none, or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            application = own_application(work, application_id, person_id)
            appointment = work.appointments.live(application_id)
            if appointment is None:
                raise NotFound("There is no appointment to cancel")
            booked = appointment.status is Status.BOOKED
            appointment.cancel()
            if booked:
                application.interview_released(now=self.clock())
            work.commit()
