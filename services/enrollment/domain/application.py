"""An application for membership, from the first draft to the end of the interview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.enrollment.domain.application_form import ApplicationForm, Rules, Step
from services.enrollment.domain.disclosures import Consent
from services.enrollment.domain.events import (
    ApplicationAmended,
    ApplicationApproved,
    ApplicationConditionallyApproved,
    ApplicationDenied,
    ApplicationLapsed,
    ApplicationStarted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CaseOpened,
    DraftSaved,
    InformationRequested,
    InterviewBooked,
    InterviewReleased,
    ReferredBack,
)
from services.enrollment.domain.flaws import Flaw, FormInvalid
from services.enrollment.domain.money import Money
from services.enrollment.domain.transitions import allowed
from shared.errors import Conflict
from shared.events import Aggregate


class Status(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACTION_NEEDED = "action_needed"
    CONDITIONALLY_APPROVED = "conditionally_approved"
    INTERVIEW_BOOKED = "interview_booked"
    APPROVED = "approved"
    DENIED = "denied"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset(
        {Status.ACTION_NEEDED, Status.CONDITIONALLY_APPROVED, Status.DENIED, Status.WITHDRAWN}
    ),
    Status.ACTION_NEEDED: frozenset({Status.SUBMITTED, Status.DENIED, Status.WITHDRAWN}),
    Status.CONDITIONALLY_APPROVED: frozenset(
        {
            Status.INTERVIEW_BOOKED,
            Status.APPROVED,
            Status.LAPSED,
            Status.SUBMITTED,
            Status.DENIED,
            Status.WITHDRAWN,
        }
    ),
    Status.INTERVIEW_BOOKED: frozenset(
        {
            Status.APPROVED,
            Status.CONDITIONALLY_APPROVED,
            Status.SUBMITTED,
            Status.DENIED,
            Status.WITHDRAWN,
        }
    ),
    Status.APPROVED: frozenset(),
    Status.DENIED: frozenset(),
    Status.LAPSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}

EDITABLE = frozenset({Status.DRAFT, Status.ACTION_NEEDED})
OVER = frozenset({Status.APPROVED, Status.DENIED, Status.LAPSED, Status.WITHDRAWN})


class NotEditable(Conflict):
    """The form is signed and with vetting; the applicant cannot change it now."""

    code = "not_editable"


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """One line of the dated history that the applicant sees."""

    status: Status
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Request:
    """What vetting asked the applicant for."""

    id: UUID
    fields: tuple[str, ...]
    text_code: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What vetting decided, with what a notice has to say."""

    outcome: str
    reason_codes: tuple[str, ...]
    notice_codes: tuple[str, ...]
    decided_at: datetime


@dataclass(eq=False, kw_only=True)
class Application(Aggregate):
    """One traveler's request to join a program."""

    id: UUID
    person_id: UUID
    program: str
    purpose: str = "new"
    created_at: datetime
    status: Status = Status.DRAFT
    form: ApplicationForm = field(default_factory=ApplicationForm, repr=False)
    history: tuple[StatusChange, ...] = ()
    submitted_at: datetime | None = None
    fee: Money | None = None
    policy_version: str = ""
    case_id: UUID | None = None
    request: Request | None = None
    decision: Decision | None = None
    lapses_on: date | None = None
    version: int = 0

    @classmethod
    def start(
        cls, *, application_id: UUID, person_id: UUID, program: str, now: datetime
    ) -> "Application":
        """Open an empty draft."""
        draft = cls(id=application_id, person_id=person_id, program=program, created_at=now)
        draft.history = (StatusChange(status=Status.DRAFT, at=now),)
        draft.record(ApplicationStarted(application_id=draft.id, person_id=person_id))
        return draft

    def save(
        self, step: Step, form: ApplicationForm, *, rules: Rules, complete: bool = True
    ) -> None:
        """Keep the answers of one step; raise ``FormInvalid`` with what is wrong with them.

        ``complete=False`` keeps an entry of a list that is still being filled: only the entries
        themselves are checked, not what they must cover together.
        """
        if self.status not in EDITABLE:
            raise NotEditable(f"An application that is {self.status} cannot be changed")
        flaws = form.flaws_of(step, rules)
        if not complete:
            flaws = [flaw for flaw in flaws if _of_an_entry(flaw, step)]
        if flaws:
            raise FormInvalid(flaws)
        done = form.done | {step} if complete else form.done - {step}
        self.form = replace(form, done=done)
        self.record(DraftSaved(application_id=self.id, person_id=self.person_id, step=step))

    def submit(
        self,
        consent: Consent,
        *,
        rules: Rules,
        fee: Money,
        policy_version: str,
        now: datetime,
    ) -> None:
        """Sign and send the form, and owe the fee of this day.

        Raise ``FormInvalid`` with every flaw of the form; a draft alone can be submitted.
        """
        allowed(ALLOWED, "application", self.status, Status.SUBMITTED)
        if self.status is not Status.DRAFT:
            raise NotEditable(f"An application that is {self.status} was sent before")
        signed = replace(self.form, consent=consent)
        flaws = signed.flaws(rules)
        if flaws:
            raise FormInvalid(flaws)
        self.form = signed
        self.fee = fee
        self.policy_version = policy_version
        self.submitted_at = now
        self._move_to(Status.SUBMITTED, now)
        self.record(
            ApplicationSubmitted(
                application_id=self.id,
                person_id=self.person_id,
                program=self.program,
                purpose=self.purpose,
                submitted_at=now,
                policy_version=policy_version,
                form=signed,
            )
        )

    def open_case(self, case_id: UUID, *, now: datetime) -> None:
        """Note that vetting has a case for this application."""
        self.case_id = case_id
        self.record(CaseOpened(application_id=self.id, case_id=case_id, at=now))

    def ask(self, request: Request, *, now: datetime) -> None:
        """Hand the form back to the applicant with what vetting asks for."""
        self._move_to(Status.ACTION_NEEDED, now)
        self.request = request
        self.record(InformationRequested(application_id=self.id, request_id=request.id))

    def amend(self, *, rules: Rules, now: datetime) -> None:
        """Send the corrected form again; raise ``FormInvalid`` or ``IllegalTransition``."""
        if self.status is not Status.ACTION_NEEDED or self.request is None:
            raise NotEditable(f"Nothing is asked of an application that is {self.status}")
        flaws = self.form.flaws(rules)
        if flaws:
            raise FormInvalid(flaws)
        answered, self.request = self.request, None
        self._move_to(Status.SUBMITTED, now)
        self.record(
            ApplicationAmended(
                application_id=self.id,
                person_id=self.person_id,
                at=now,
                request_id=answered.id,
                form=self.form,
            )
        )

    def withdraw(self, *, now: datetime) -> None:
        """Take the application back; vetting hears of it unless it was never sent."""
        sent = self.submitted_at is not None
        self._move_to(Status.WITHDRAWN, now)
        self.record(ApplicationWithdrawn(application_id=self.id, at=now, sent=sent))

    def approve_conditionally(
        self, decision: Decision, *, today: date, lapse_days: int, now: datetime
    ) -> None:
        """Accept the applicant on the word of vetting; an interview comes next, in time."""
        self._move_to(Status.CONDITIONALLY_APPROVED, now)
        self.decision = decision
        self.lapses_on = today + timedelta(days=lapse_days)
        self.record(ApplicationConditionallyApproved(application_id=self.id, at=now))

    def deny(self, decision: Decision, *, now: datetime) -> None:
        """Refuse the applicant on the word of vetting."""
        self._move_to(Status.DENIED, now)
        self.decision = decision
        self.record(ApplicationDenied(application_id=self.id, at=now))

    def interview_booked(self, *, now: datetime) -> None:
        """Note that the applicant has an appointment."""
        self._move_to(Status.INTERVIEW_BOOKED, now)
        self.record(InterviewBooked(application_id=self.id, at=now))

    def interview_released(self, *, now: datetime) -> None:
        """Note that the appointment is off (cancelled, missed); another can be booked."""
        self._move_to(Status.CONDITIONALLY_APPROVED, now)
        self.record(InterviewReleased(application_id=self.id, at=now))

    def refer_back(self, *, now: datetime) -> None:
        """Give the application back to vetting after an interview that was not passed."""
        self._move_to(Status.SUBMITTED, now)
        self.record(ReferredBack(application_id=self.id, at=now))

    def approve(self, *, now: datetime) -> None:
        """Accept the applicant for good: the interview was passed."""
        self._move_to(Status.APPROVED, now)
        self.record(
            ApplicationApproved(application_id=self.id, person_id=self.person_id, approved_at=now)
        )

    def lapse(self, *, now: datetime) -> None:
        """Close an approval that was not followed by an interview in time."""
        self._move_to(Status.LAPSED, now)
        self.record(ApplicationLapsed(application_id=self.id, at=now))

    def _move_to(self, wanted: Status, now: datetime) -> None:
        self.status = allowed(ALLOWED, "application", self.status, wanted)
        self.history = (*self.history, StatusChange(status=wanted, at=now))


def _of_an_entry(flaw: Flaw, step: Step) -> bool:
    return flaw.path.startswith(f"{step}.") or flaw.code.startswith("too_many")


def since(history: Sequence[StatusChange]) -> datetime:
    """Return when the newest state began."""
    return history[-1].at
