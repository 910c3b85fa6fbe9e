"""Record what vetting decided about an application."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import OVER, Application, Decision
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.errors import InvalidInput
from shared.events import Cause

APPROVE = "approve"
DENY = "deny"


@dataclass(frozen=True, kw_only=True)
class RecordDecision:
    """Approve an application conditionally, or deny it, on the word of vetting."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self, application_id: UUID, decision: Decision, *, cause: Cause | None = None
    ) -> None:
        """Record it; an application that its owner withdrew meanwhile is left alone.

        Raise ``NotFound``, ``IllegalTransition``, ``InvalidInput`` or ``AlreadyDone``.
        """
        with self.transactions(cause) as work:
            application = work.applications.get(application_id)
            if application.status not in OVER:
                self._apply(work, application, decision)
            work.commit()

    def _apply(self, work: UnitOfWork, application: Application, decision: Decision) -> None:
        now = self.clock()
        if decision.outcome == APPROVE:
            today = legal_date(application.form, now)
            days = self.policy.value(application.program, Rule.LAPSE_DAYS, today)
            application.approve_conditionally(decision, today=today, lapse_days=days, now=now)
        elif decision.outcome == DENY:
            appointment = work.appointments.live(application.id)
            application.deny(decision, now=now)
            if appointment is not None:
                appointment.cancel()
        else:
            raise InvalidInput({"outcome": ["unknown"]})
