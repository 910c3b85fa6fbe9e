"""Save one step of the form, so that the applicant can stop at any page and resume."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_form import Rules, Step
from services.enrollment.domain.program import Policy
from services.enrollment.use_cases.fetching import legal_date, own_application
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class SaveStep:
    """Keep the answers of one step."""

    transactions: Transactions
    policy: Policy
    clock: Clock

    def __call__(
        self,
        application_id: UUID,
        *,
        person_id: UUID,
        step: Step,
        answers: Mapping[str, Any],
        complete: bool = True,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Application:
        """Put ``answers`` (form fields by name) into the form.

        ``complete=False`` keeps entries of a list that is still being filled. Raise ``NotFound``,
        ``Stale``, ``NotEditable`` or ``FormInvalid``.
        """
        with self.transactions(cause) as work:
            application = own_application(work, application_id, person_id, version=version)
            form = replace(application.form, **answers)
            today = legal_date(form, self.clock())
            rules = Rules.of(self.policy, application.program, today)
            application.save(step, form, rules=rules, complete=complete)
            work.commit(result=str(application_id))
        return application
