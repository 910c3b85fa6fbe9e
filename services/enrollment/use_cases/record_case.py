"""Record that vetting opened a case for an application."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.use_cases.ports import Transactions
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class RecordCase:
    """Note the case's id, so that the status page can say that vetting has it."""

    transactions: Transactions

    def __call__(
        self, application_id: UUID, *, case_id: UUID, at: datetime, cause: Cause | None = None
    ) -> None:
        """Note it; raise ``NotFound`` or ``AlreadyDone``."""
        with self.transactions(cause) as work:
            work.applications.get(application_id).open_case(case_id, now=at)
            work.commit()
