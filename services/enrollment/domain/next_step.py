"""Who acts next on an application, and what they do: never only "pending review"."""

from dataclasses import dataclass
from enum import StrEnum

from services.enrollment.domain.application import Application, Status


class Actor(StrEnum):
    """Whose turn it is."""

    APPLICANT = "applicant"
    VETTING = "vetting"
    CENTER = "center"
    NOBODY = "nobody"


class Action(StrEnum):
    """What is done next."""

    FINISH_FORM = "finish_form"
    OPEN_CASE = "open_case"
    REVIEW = "review"
    ANSWER = "answer"
    BOOK_INTERVIEW = "book_interview"
    COME_TO_INTERVIEW = "come_to_interview"
    ISSUE_CARD = "issue_card"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The next actor and action."""

    actor: Actor
    action: Action


_STEPS = {
    Status.DRAFT: NextStep(actor=Actor.APPLICANT, action=Action.FINISH_FORM),
    Status.SUBMITTED: NextStep(actor=Actor.VETTING, action=Action.REVIEW),
    Status.ACTION_NEEDED: NextStep(actor=Actor.APPLICANT, action=Action.ANSWER),
    Status.CONDITIONALLY_APPROVED: NextStep(actor=Actor.APPLICANT, action=Action.BOOK_INTERVIEW),
    Status.INTERVIEW_BOOKED: NextStep(actor=Actor.APPLICANT, action=Action.COME_TO_INTERVIEW),
    Status.APPROVED: NextStep(actor=Actor.CENTER, action=Action.ISSUE_CARD),
    Status.DENIED: NextStep(actor=Actor.NOBODY, action=Action.NOTHING),
    Status.LAPSED: NextStep(actor=Actor.NOBODY, action=Action.NOTHING),
    Status.WITHDRAWN: NextStep(actor=Actor.NOBODY, action=Action.NOTHING),
}


def next_step(application: Application) -> NextStep:
    """Return who acts next on ``application`` and how."""
    if application.status is Status.SUBMITTED and application.case_id is None:
        return NextStep(actor=Actor.VETTING, action=Action.OPEN_CASE)
    return _STEPS[application.status]
