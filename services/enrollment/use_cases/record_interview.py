"""Record an interview; who passed it becomes a member."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment
from services.enrollment.domain.interview import AnswerOutcome, Interview, Outcome, QuestionType
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.picture import Picture
from services.enrollment.domain.program import Policy, Rule
from services.enrollment.use_cases.drawing import draw_passid, drawn_again
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.use_cases.ports import CardRandomness, Transactions, UnitOfWork
from shared.clock import Clock
from shared.errors import InvalidInput
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class InterviewNotes:
    """What the officer wrote down."""

    outcome: Outcome
    questions: Mapping[QuestionType, AnswerOutcome]
    text: str
    picture: bytes | None


@dataclass(frozen=True, kw_only=True)
class RecordInterview:
    """Keep the record and the picture, and move the application on."""

    transactions: Transactions
    policy: Policy
    random: CardRandomness
    clock: Clock
    new_id: NewId

    def __call__(
        self,
        appointment_id: UUID,
        notes: InterviewNotes,
        *,
        recorded_by: str,
        cause: Cause | None = None,
    ) -> Application:
        """Record it once for an appointment that is checked in.

        ``failed`` and ``referred`` give the application back to vetting, which alone refuses.
        Raise ``NotFound``, ``IllegalTransition``, ``InvalidInput`` or ``AlreadyDone``.
        """
        if notes.outcome is Outcome.PASSED and notes.picture is None:
            raise InvalidInput({"picture": ["required"]})

        def act() -> Application:
            with self.transactions(cause) as work:
                appointment = work.appointments.get(appointment_id)
                application = self._record(work, appointment, notes, recorded_by)
                work.commit(result=str(application.id))
            return application

        return drawn_again(act)

    def _record(
        self, work: UnitOfWork, appointment: Appointment, notes: InterviewNotes, recorded_by: str
    ) -> Application:
        now = self.clock()
        application = work.applications.get(appointment.application_id)
        appointment.finish()
        interview = Interview(
            id=self.new_id(),
            application_id=application.id,
            appointment_id=appointment.id,
            person_id=application.person_id,
            outcome=notes.outcome,
            questions=dict(notes.questions),
            text=notes.text,
            recorded_by=recorded_by,
            at=now,
        )
        interview.announce()
        work.interviews.add(interview)
        if notes.picture is not None:
            _keep_picture(work, application.person_id, notes.picture, recorded_by, now=now)
        if notes.outcome is Outcome.PASSED:
            self._start_membership(work, application, now)
        else:
            application.refer_back(now=now)
        return application

    def _start_membership(self, work: UnitOfWork, application: Application, now: datetime) -> None:
        application.approve(now=now)
        today = legal_date(application.form, now)
        membership = Membership.start(
            membership_id=self.new_id(),
            person_id=application.person_id,
            application_id=application.id,
            program=application.program,
            passid=draw_passid(self.random),
            form=application.form,
            approved_on=today,
            years=self.policy.value(application.program, Rule.VALIDITY_YEARS, today),
        )
        work.memberships.add(membership)
        work.memberships.put_vins(membership)


def _keep_picture(
    work: UnitOfWork, person_id: UUID, jpeg: bytes, taken_by: str, *, now: datetime
) -> None:
    before = work.pictures.of(person_id)
    if before is None:
        picture = Picture.take(person_id=person_id, jpeg=jpeg, taken_by=taken_by, now=now)
        work.pictures.add(picture)
    else:
        before.retake(jpeg=jpeg, taken_by=taken_by, now=now)
