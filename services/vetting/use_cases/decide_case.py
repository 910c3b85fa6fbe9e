"""Decide a case, or propose a decision where a second officer has to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case_states import Outcome, Status
from services.vetting.domain.reasons import Reason
from services.vetting.use_cases.carrying_out import CarryOut
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class DecideCase:
    """One officer's word; final only where nothing speaks against the person."""

    transactions: Transactions
    clock: Clock
    carry_out: CarryOut

    def __call__(
        self,
        case_id: UUID,
        outcome: Outcome,
        reasons: Sequence[Reason],
        note: str,
        *,
        staff: Staff,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> Status:
        """Return where the case stands then: decided or proposed.

        ``version`` is what the officer saw. Raise ``NotFound``, ``NotHolder``, ``HitsOpen``,
        ``InvalidInput`` or ``Stale``.
        """
        with self.transactions(cause) as work:
            case, officer, now = work.cases.get(case_id), staff.within(work), self.clock()
            if version is not None and version != case.version:
                raise Stale("The case has changed since the page was made")
            hits = work.hits.of_case(case_id)
            case.start_review(officer, now=now)
            case.propose(outcome, reasons, note, officer=officer, hits=hits, now=now)
            if case.status is Status.DECIDED:
                self.carry_out(work, case)
            work.commit(result=str(case_id))
        return case.status
