"""Pass on to the applicant what vetting asks for."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import OVER, Request
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class RequestInformation:
    """Hand the form back to the applicant."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, application_id: UUID, request: Request, *, cause: Cause | None = None
    ) -> None:
        """Ask; an application that is over meanwhile is left alone.

        Raise ``NotFound``, ``IllegalTransition`` or ``AlreadyDone``.
        """
        with self.transactions(cause) as work:
            application = work.applications.get(application_id)
            if application.status not in OVER:
                application.ask(request, now=self.clock())
            work.commit()
