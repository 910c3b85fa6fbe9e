"""Answer what vetting asked for: the corrected form goes back to vetting."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import Rules
from services.enrollment.domain.program import Policy
from services.enrollment.use_cases.fetching import legal_date, own_application
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class AmendApplication:
    """Send the corrected form again."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self,
        application_id: UUID,
        *,
        person_id: UUID,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Application:
        """Send it; raise ``NotFound``, ``Stale``, ``NotEditable`` or ``FormInvalid``."""
        now = self.clock()
        with self.transactions(cause) as work:
            application = own_application(work, application_id, person_id, version=version)
            today = legal_date(application.form, now)
            application.amend(rules=Rules.of(self.policy, application.program, today), now=now)
            work.commit(result=str(application_id))
        return application
