"""Withdraw an application: its owner takes it back, and a booked slot becomes free."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.use_cases.fetching import own_application
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """Take an application back."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        application_id: UUID,
        *,
        person_id: UUID,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Application:
        """Withdraw it; raise ``NotFound``, ``Stale`` or ``IllegalTransition``."""
        with self.transactions(cause) as work:
            application = own_application(work, application_id, person_id, version=version)
            application.withdraw(now=self.clock())
            appointment = work.appointments.live(application_id)
            if appointment is not None:
                appointment.cancel()
            work.commit(result=str(application_id))
        return application
