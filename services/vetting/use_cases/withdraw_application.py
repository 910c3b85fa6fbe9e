"""Close the case of an application that was withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case_states import ALLOWED, Status
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication:
    """End the case without a decision, if none was taken or proposed."""

    transactions: Transactions
    clock: Clock

    def __call__(self, application_id: UUID, *, cause: Cause | None = None) -> None:
        """Withdraw; a case past withdrawing stays as it is. Raise ``NotFound``."""
        with self.transactions(cause) as work:
            case = work.cases.of_application(application_id)
            if case is None:
                raise NotFound(f"No case for application {application_id}")
            if Status.WITHDRAWN in ALLOWED[case.status]:
                case.withdraw(now=self.clock())
            work.commit()
