"""One visit at the center: the applicant's file and the record of the interview."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from services.enrollment.domain.appointment import Status
from services.enrollment.domain.center import center_of
from services.enrollment.domain.form_document import dump_form
from services.enrollment.domain.interview import AnswerOutcome, Outcome, QuestionType
from services.enrollment.use_cases.record_interview import InterviewNotes
from services.enrollment.web import choices, texts
from services.enrollment.web.answer_fields import Answers
from services.enrollment.web.doors import use_cases
from services.enrollment.web.pictures import MOST_BYTES, clean_picture
from shared.errors import AlreadyDone, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.limits import body_limit
from shared.web.principal import current_principal
from shared.web.purpose import asks_purpose

pages = Blueprint("visits", __name__, url_prefix="/visits")
LONGEST_TEXT = 4000


def _asked(kind: QuestionType) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf([str(outcome) for outcome in AnswerOutcome]),
        metadata={
            "label": texts.QUESTION_TYPES[kind],
            "choices": choices.of(texts.ANSWERS),
        },
    )


QuestionsIn = Answers.from_dict({str(kind): _asked(kind) for kind in QuestionType})


class InterviewIn(QuestionsIn):  # type: ignore[valid-type,misc]  # made from the table of types
    """What the officer wrote down."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_TEXT),
        metadata={
            "label": _l("What was said"),
            "hint": _l("In your own words; vetting reads it, the applicant does not"),
        },
    )
    outcome = fields.String(
        required=True,
        validate=validate.OneOf([str(outcome) for outcome in Outcome]),
        metadata={"label": _l("Outcome"), "choices": choices.of(texts.OUTCOMES)},
    )
    picture = fields.Raw(
        metadata={
            "label": _l("Picture"),
            "hint": _l("JPEG, PNG or WebP, at most 8 MB; needed when the interview is passed"),
        }
    )


@pages.route("/<uuid:appointment_id>", methods=["GET", "POST"])
@body_limit(MOST_BYTES + 64 * 1024)
@allow("center")
@asks_purpose
def interview(appointment_id: UUID, *, purpose: str) -> ResponseReturnValue:
    """Show the applicant's answers and record the interview."""
    visit = use_cases().read_file.visit(appointment_id, purpose=purpose)
    initial = {str(kind): str(AnswerOutcome.NOT_ASKED) for kind in QuestionType}
    form = Form(InterviewIn, initial)
    if form.sent() and _recorded(form, appointment_id):
        return redirect(_after(form, visit.application.person_id), 303)
    return render_form(
        "enrollment/visit.html",
        form,
        visit=visit,
        center=center_of(visit.appointment.center),
        answers=dump_form(visit.application.form),
        open=visit.appointment.status is Status.CHECKED_IN,
        booked=visit.appointment.status is Status.BOOKED,
        kinds=[str(kind) for kind in QuestionType],
        texts=texts,
        choices=choices,
    )


def _recorded(form: Form, appointment_id: UUID) -> bool:
    given = form.data.get("picture")
    try:
        notes = InterviewNotes(
            outcome=Outcome(form.data["outcome"]),
            questions={kind: AnswerOutcome(form.data[str(kind)]) for kind in QuestionType},
            text=form.data["text"],
            picture=clean_picture(given) if given else None,
        )
        use_cases().record_interview(
            appointment_id, notes, recorded_by=current_principal().subject, cause=form.cause
        )
    except AlreadyDone:
        return True
    except InvalidInput as invalid:
        if invalid.fields.get("picture") == ["required"]:
            form.reject_field("picture", _("Add a picture: the booth compares it with the person."))
        else:
            form.reject(invalid)
        return False
    return True


def _after(form: Form, person_id: UUID) -> str:
    if form.data["outcome"] != Outcome.PASSED:
        return url_for("center.home")
    membership = use_cases().read_own.membership(person_id=person_id)
    return url_for("cards.issue", membership_id=membership.id)
