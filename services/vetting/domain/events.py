"""What can happen in vetting; personal data stays out of events."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something that happened to a case."""

    case_id: UUID
    person_id: UUID
    application_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """A case came into the queue."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseClaimed(CaseEvent):
    """An officer took the case."""

    by: str


@dataclass(frozen=True, kw_only=True)
class ReviewStarted(CaseEvent):
    """The officer opened the file."""

    by: str


@dataclass(frozen=True, kw_only=True)
class CaseReturned(CaseEvent):
    """The case is back in the queue: given back, or its lease was lost."""

    why: str


@dataclass(frozen=True, kw_only=True)
class InformationRequested(CaseEvent):
    """The applicant was asked for something."""

    request_id: UUID
    fields: tuple[str, ...]
    text_code: str
    due_on: date
    by: str


@dataclass(frozen=True, kw_only=True)
class InformationReceived(CaseEvent):
    """The applicant answered."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class FindingAdded(CaseEvent):
    """Something stands against the person until it is answered."""

    ground: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DecisionProposed(CaseEvent):
    """An officer proposed an outcome that a second one has to confirm."""

    outcome: str
    reasons: tuple[str, ...]
    by: str


@dataclass(frozen=True, kw_only=True)
class ProposalReturned(CaseEvent):
    """The second officer did not agree."""

    by: str


@dataclass(frozen=True, kw_only=True)
class CaseDecided(CaseEvent):
    """The case has its outcome."""

    kind: str
    outcome: str
    reasons: tuple[str, ...]
    decided_by: str
    second_by: str | None
    list_version: str
    policy_version: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseEvent):
    """Something new came up after the decision."""

    why: str


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The applicant took the application back."""


@dataclass(frozen=True, kw_only=True)
class HitFound(Event):
    """Screening found a listed person who may be this one."""

    hit_id: UUID
    case_id: UUID
    person_id: UUID
    list: str
    entry: str
    list_version: int
    score: float
    strong: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HitAdjudicated(Event):
    """An officer said whether it is the same person."""

    hit_id: UUID
    case_id: UUID
    person_id: UUID
    verdict: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonCleared(Event):
    """A person is not the listed one, and need not be asked again while nothing changes."""

    clearance_id: UUID
    person_id: UUID
    list: str
    entry: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DossierReceived(Event):
    """Enrollment sent a person's data, or newer ones."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonScreened(Event):
    """Somebody was compared with the lists; ``hits`` are those not cleared before."""

    person_id: UUID
    list_version: str
    hits: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's data key was deleted."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InterviewRecorded(Event):
    """The record of an interview came in."""

    interview_id: UUID
    case_id: UUID
    person_id: UUID
    outcome: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AlarmRaised(Event):
    """Something needs a supervisor."""

    alarm_id: UUID
    code: str
    case_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AlarmAcknowledged(Event):
    """A supervisor has seen it."""

    alarm_id: UUID
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WatchlistLoaded(Event):
    """A list has a new version."""

    list: str
    version: int
    entries: int
    added: int
    changed: int
    removed: int
    by: str


@dataclass(frozen=True, kw_only=True)
class TieDeclared(Event):
    """An officer declared that a file is their own or a relative's."""

    officer: str
    case_id: UUID
    person_id: UUID
    at: datetime
