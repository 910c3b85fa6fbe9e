"""Take the applicant's answer to what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.vetting.domain.findings import disclosed
from services.vetting.use_cases.open_case import note_screening, take_dossier
from services.vetting.use_cases.ports import Transactions
from services.vetting.use_cases.screening_people import PeopleScreening
from shared.clock import Clock
from shared.errors import NotFound
from shared.events import Cause


@dataclass(frozen=True, kw_only=True)
class AmendApplication:
    """Go on with a case that waited for its applicant."""

    transactions: Transactions
    screening: PeopleScreening
    clock: Clock

    def __call__(
        self,
        application_id: UUID,
        request_id: UUID,
        dossier: Mapping[str, Any],
        *,
        cause: Cause | None = None,
    ) -> None:
        """Take the new dossier and screen anew; raise ``NotFound`` or ``Conflict``."""
        with self.transactions(cause) as work:
            case = work.cases.of_application(application_id)
            if case is None:
                raise NotFound(f"No case for application {application_id}")
            now = self.clock()
            case.receive_answer(request_id, now=now)
            person = take_dossier(work, case.person_id, dossier, now=now)
            for finding in disclosed(dossier):
                case.add_finding(finding, now=now)
            found = self.screening.find(work, person)
            note_screening(case, found, now=now)
            self.screening.attach(work, case, found.new)
            work.commit()
