"""Say whether a hit is the person of the case."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.hit import Hit, Verdict
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class AdjudicateHit:
    """Keep the verdict; a decided case has its hits frozen, since nobody holds it."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        case_id: UUID,
        hit_id: UUID,
        verdict: Verdict,
        note: str,
        *,
        staff: Staff,
        cause: Cause | None = None,
    ) -> Hit:
        """Judge the hit; raise ``NotFound``, ``NotHolder`` or ``InvalidInput``."""
        with self.transactions(cause) as work:
            officer, now = staff.within(work), self.clock()
            case = work.cases.get(case_id)
            hit = work.hits.get(hit_id)
            if hit.case_id != case_id:
                raise NotFound(f"The case has no hit {hit_id}")
            case.start_review(officer, now=now)
            hit.adjudicate(verdict, officer, note, now=now)
            work.commit(result=str(case_id))
        return hit
