"""Open a case for an application that was submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.vetting.domain.case import Case
from services.vetting.domain.case_rules import DUE, Priority
from services.vetting.domain.case_states import Kind
from services.vetting.domain.findings import Finding, Source, disclosed
from services.vetting.domain.person import Person
from services.vetting.domain.reasons import Reason
from services.vetting.use_cases.ports import Transactions, UnitOfWork
from services.vetting.use_cases.screening_people import Found, PeopleScreening
from shared.clock import Clock
from shared.errors import Conflict
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class Submission:
    """An application as enrollment sent it."""

    application_id: UUID
    person_id: UUID
    program: str
    purpose: str
    policy_version: str
    dossier: Mapping[str, Any]


def take_dossier(
    work: UnitOfWork, person_id: UUID, dossier: Mapping[str, Any], *, now: datetime
) -> Person:
    """Keep the newest dossier of a person."""
    person = work.persons.of(person_id)
    if person is None:
        person = Person(id=person_id, updated_at=now)
        work.persons.add(person)
    person.update(dossier, now=now)
    work.persons.index_names(person)
    return person


def note_screening(case: Case, found: Found, *, now: datetime) -> None:
    """Keep which lists were looked at; nothing found counts only if there was enough to look."""
    case.list_version = found.list_version
    if found.too_little or found.no_list:
        case.add_finding(
            Finding(
                ground=Reason.LOW_RISK_NOT_SHOWN,
                source=Source.SCREENING,
                evidence="no_list" if found.no_list else "too_little",
            ),
            now=now,
        )
        case.raise_priority(Priority.HIT)


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """Put the application into the queue, screened."""

    transactions: Transactions
    screening: PeopleScreening
    clock: Clock
    new_id: NewId

    def __call__(self, submission: Submission, *, cause: Cause | None = None) -> UUID:
        """Open the case; raise ``Conflict`` if the application has one."""
        with self.transactions(cause) as work:
            if work.cases.of_application(submission.application_id) is not None:
                raise Conflict("The application has a case already")
            now = self.clock()
            person = take_dossier(work, submission.person_id, submission.dossier, now=now)
            case = self._case(submission, now)
            work.cases.add(case)
            case.open()
            for finding in disclosed(submission.dossier):
                case.add_finding(finding, now=now)
            found = self.screening.find(work, person)
            note_screening(case, found, now=now)
            self.screening.attach(work, case, found.new)
            work.commit(result=str(case.id))
        return case.id

    def _case(self, submission: Submission, now: datetime) -> Case:
        return Case(
            id=self.new_id(),
            kind=Kind.APPLICATION,
            person_id=submission.person_id,
            application_id=submission.application_id,
            program=submission.program,
            purpose=submission.purpose,
            policy_version=submission.policy_version,
            opened_at=now,
            due_at=now + DUE[Kind.APPLICATION],
        )
