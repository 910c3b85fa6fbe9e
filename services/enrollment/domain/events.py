"""What can happen to an application, an appointment, a membership and a card.

Personal data travels in events only where another service needs it, and is never shown.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.enrollment.domain.application_form import ApplicationForm
from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationEvent(Event):
    """Something that happened to an application."""

    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationStarted(ApplicationEvent):
    """A draft was opened."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class DraftSaved(ApplicationEvent):
    """The answers of one step were kept."""

    person_id: UUID
    step: str


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(ApplicationEvent):
    """The applicant signed the form; vetting may start."""

    person_id: UUID
    program: str
    purpose: str
    submitted_at: datetime
    policy_version: str
    form: ApplicationForm = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ApplicationAmended(ApplicationEvent):
    """The applicant answered what vetting had asked."""

    person_id: UUID
    at: datetime
    request_id: UUID
    form: ApplicationForm = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(ApplicationEvent):
    """The applicant took the application back; ``sent`` tells whether vetting knows it."""

    at: datetime
    sent: bool


@dataclass(frozen=True, kw_only=True)
class CaseOpened(ApplicationEvent):
    """Vetting has a case for the application."""

    case_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InformationRequested(ApplicationEvent):
    """Vetting asked the applicant for something."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationConditionallyApproved(ApplicationEvent):
    """Vetting found no objection; an interview comes next."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationDenied(ApplicationEvent):
    """Vetting refused the applicant."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class InterviewBooked(ApplicationEvent):
    """The applicant has an appointment."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class InterviewReleased(ApplicationEvent):
    """The appointment is off; the applicant can book another."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReferredBack(ApplicationEvent):
    """The interview was not passed; vetting decides."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationApproved(ApplicationEvent):
    """The interview was passed; membership may start."""

    person_id: UUID
    approved_at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationLapsed(ApplicationEvent):
    """No interview followed the approval in time."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class InterviewRecorded(ApplicationEvent):
    """An officer recorded the interview; ``text`` is the officer's own wording."""

    interview_id: UUID
    person_id: UUID
    outcome: str
    recorded_by: str
    at: datetime
    questions: tuple[tuple[str, str], ...] = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AppointmentChanged(Event):
    """An appointment moved to another state."""

    appointment_id: UUID
    application_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class MembershipEvent(Event):
    """Something that happened to a membership, with all that others may know of it."""

    membership_id: UUID
    person_id: UUID
    program: str
    status: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class MembershipStarted(MembershipEvent):
    """An approved applicant became a member."""

    application_id: UUID
    form: ApplicationForm = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(MembershipEvent):
    """Status, dates or data changed; ``form`` is there only when the data did."""

    application_id: UUID | None = None
    form: ApplicationForm | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipEvent):
    """The membership is over for good."""


@dataclass(frozen=True, kw_only=True)
class CardChanged(Event):
    """A card moved to another state."""

    card_id: UUID
    person_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class WrongActivationCode(Event):
    """Somebody tried to activate a card with a wrong number or code."""

    card_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's data key was deleted; whoever holds data of theirs deletes it too."""

    person_id: UUID
    credential_ids: tuple[UUID, ...]
    sites: tuple[str, ...]
