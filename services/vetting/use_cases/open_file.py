"""Open a person's file, with the purpose on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.vetting.domain.case import Case
from services.vetting.domain.case_states import Status
from services.vetting.domain.hit import Hit
from services.vetting.domain.hold import Hold
from services.vetting.domain.interview import Interview
from services.vetting.domain.membership import Membership
from services.vetting.domain.person import Person
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Transactions, UnitOfWork
from shared.audit.words import AuditLine
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case with all that an officer needs to decide it."""

    case: Case
    mine: bool
    """Whether the officer who looks holds the case."""

    person: Person | None
    hits: Sequence[Hit]
    holds: Sequence[Hold]
    interviews: Sequence[Interview]
    memberships: Sequence[Membership]
    others: Sequence[Case]
    needs_second: bool


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """Read a case with its person's dossier; the officer who holds it starts the review."""

    transactions: Transactions
    clock: Clock

    def __call__(self, case_id: UUID, *, staff: Staff, purpose: str) -> CaseFile:
        """Return the file; raise ``NotFound`` or ``OwnFile``."""
        with self.transactions() as work:
            officer = staff.within(work)
            case = work.cases.get(case_id)
            officer.must_be_free_for(case.person_id)
            mine = case.is_with(officer, now=self.clock())
            if mine and case.status is Status.CLAIMED:
                case.start_review(officer, now=self.clock())
            work.note(AuditLine(event="file_opened", subject=str(case.person_id), purpose=purpose))
            file = _read(work, case, mine=mine)
            work.commit()
        return file


def _read(work: UnitOfWork, case: Case, *, mine: bool) -> CaseFile:
    hits = work.hits.of_case(case.id)
    return CaseFile(
        case=case,
        mine=mine,
        person=work.persons.of(case.person_id),
        hits=hits,
        holds=work.holds.of_case(case.id),
        interviews=work.interviews.of_case(case.id),
        memberships=work.memberships.of(case.person_id),
        others=[other for other in work.cases.of(case.person_id) if other.id != case.id],
        needs_second=bool(case.findings) or any(hit.is_finding for hit in hits),
    )
