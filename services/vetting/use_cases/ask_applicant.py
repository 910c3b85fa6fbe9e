"""Ask the applicant for something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import InvalidInput
from shared.events import Cause
from shared.ids import NewId

ANSWER_WITHIN = timedelta(days=30)
"""What an applicant gets to answer; the deadline of the case pauses meanwhile."""

ASKABLE = (
    "names",
    "birth",
    "citizenships",
    "documents",
    "contact",
    "physical_address",
    "mailing_address",
    "residences",
    "employments",
    "vehicles",
    "disclosures",
)
"""The parts of the form that an applicant can be asked to complete."""

TEXTS = ("ask.complete", "ask.clearer_copy", "ask.explain")


@dataclass(frozen=True, kw_only=True)
class AskApplicant:
    """Let the case wait for its applicant."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        case_id: UUID,
        fields: Sequence[str],
        text_code: str,
        *,
        staff: Staff,
        cause: Cause | None = None,
    ) -> None:
        """Ask; raise ``NotFound``, ``NotHolder``, ``InvalidInput`` or ``IllegalTransition``."""
        if not set(fields) <= set(ASKABLE):
            raise InvalidInput({"fields": ["not_askable"]}, "The form has no such part")
        with self.transactions(cause) as work:
            now = self.clock()
            case, officer = work.cases.get(case_id), staff.within(work)
            case.start_review(officer, now=now)
            case.ask(
                officer,
                request_id=self.new_id(),
                fields=fields,
                text_code=text_code,
                due_on=(now + ANSWER_WITHIN).date(),
                now=now,
            )
            work.commit(result=str(case_id))
