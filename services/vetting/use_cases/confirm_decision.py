"""Give the second approval to a colleague's proposal."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.carrying_out import CarryOut
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ConfirmDecision:
    """Make a proposal the decision; it needs another officer."""

    transactions: Transactions
    clock: Clock
    carry_out: CarryOut

    def __call__(
        self,
        case_id: UUID,
        *,
        staff: Staff,
        version: int | None = None,
        cause: Cause | None = None,
    ) -> None:
        """Confirm; raise ``NotFound``, ``SameOfficer``, ``HitsOpen``, ``Conflict`` or ``Stale``."""
        with self.transactions(cause) as work:
            case = work.cases.get(case_id)
            if version is not None and version != case.version:
                raise Stale("The case has changed since the page was made")
            hits = work.hits.of_case(case_id)
            case.confirm(staff.within(work), hits, now=self.clock())
            self.carry_out(work, case)
            work.commit(result=str(case_id))
