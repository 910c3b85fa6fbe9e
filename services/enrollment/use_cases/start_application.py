"""Start an application: an empty draft that its owner can leave and come back to."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.center import center_of
from services.enrollment.domain.membership import AlreadyMember
from services.enrollment.domain.program import Policy
from services.enrollment.use_cases.fetching import DEFAULT_CENTER
from services.enrollment.use_cases.ports import Transactions
from shared.clock import Clock
from shared.errors import InvalidInput
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class StartApplication:
    """Open a draft for a person."""

    transactions: Transactions
    policy: Policy
    clock: Clock
    new_id: NewId

    def __call__(self, person_id: UUID, *, program: str, cause: Cause | None = None) -> Application:
        """Open it; raise ``AlreadyMember``, ``ApplicationOpen`` or ``InvalidInput``."""
        now = self.clock()
        with self.transactions(cause) as work:
            if program not in self.policy.programs(center_of(DEFAULT_CENTER).today(now)):
                raise InvalidInput({"program": ["program_unknown"]})
            if work.memberships.of(person_id) is not None:
                raise AlreadyMember("A member applies for nothing else until the membership ends")
            draft = Application.start(
                application_id=self.new_id(), person_id=person_id, program=program, now=now
            )
            work.applications.add(draft)
            work.commit(result=str(draft.id))
        return draft
