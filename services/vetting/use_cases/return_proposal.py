"""Send a proposal back to the officer who made it."""

from dataclasses import dataclass
from uuid import UUID

from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions
from shared.clock import Clock
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class ReturnProposal:
    """Disagree with a colleague's proposal."""

    transactions: Transactions
    clock: Clock

    def __call__(self, case_id: UUID, *, staff: Staff, cause: Cause | None = None) -> None:
        """Return it; raise ``NotFound``, ``SameOfficer`` or ``Conflict``."""
        with self.transactions(cause) as work:
            work.cases.get(case_id).send_back(staff.within(work), now=self.clock())
            work.commit(result=str(case_id))
