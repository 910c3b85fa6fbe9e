"""Deciding a case, giving the second approval, asking the applicant, placing a hold."""

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from services.vetting.domain.case import Case
from services.vetting.domain.case_rules import NotHolder
from services.vetting.domain.case_states import OUTCOMES, Status
from services.vetting.domain.reasons import Reason, reasons_for
from services.vetting.use_cases.open_file import CaseFile
from services.vetting.web import words
from services.vetting.web.error_texts import reject
from services.vetting.web.pages.cases import OWN_CASE
from services.vetting.web.schemas import DecisionIn, NothingForm, QuestionIn, ReasonIn, choices
from services.vetting.web.serving import staff, use_cases
from shared.errors import AlreadyDone, Conflict, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import Text

pages = Blueprint("decisions", __name__, url_prefix="/cases/<uuid:case_id>")

SECOND = "second_approval"


@pages.route("/decision", methods=["GET", "POST"])
@allow("officer", "supervisor")
def decide(case_id: UUID) -> ResponseReturnValue:
    """Decide, or propose where a second officer has to confirm."""
    file = _file(case_id, OWN_CASE)
    form = Form(_decision_schema(file.case), version=file.case.version)
    if form.sent():
        try:
            use_cases().decide_case(
                case_id,
                form.data["outcome"],
                form.data["reasons"],
                form.data["note"],
                staff=staff(),
                version=form.version,
                cause=form.cause,
            )
        except AlreadyDone:
            return _back(case_id)
        except (InvalidInput, NotHolder) as error:
            reject(form, error)
        else:
            return _back(case_id)
    return _render("vetting/decision.html", form, file)


@pages.route("/approval", methods=["GET", "POST"])
@allow("officer", "supervisor")
def approve(case_id: UUID) -> ResponseReturnValue:
    """Confirm a colleague's proposal, or send it back."""
    file = _file(case_id, SECOND)
    if file.case.status is not Status.PROPOSED:
        return _back(case_id)
    form = Form(NothingForm, version=file.case.version)
    if form.sent():
        try:
            if form.action == "return":
                use_cases().return_proposal(case_id, staff=staff(), cause=form.cause)
            else:
                use_cases().confirm_decision(
                    case_id, staff=staff(), version=form.version, cause=form.cause
                )
        except AlreadyDone:
            pass
        return _back(case_id)
    return _render("vetting/approval.html", form, file)


@pages.route("/question", methods=["GET", "POST"])
@allow("officer", "supervisor")
def ask(case_id: UUID) -> ResponseReturnValue:
    """Ask the applicant for something."""
    file = _file(case_id, OWN_CASE)
    form = Form(QuestionIn)
    if form.sent():
        try:
            use_cases().ask_applicant(
                case_id,
                form.data["fields_"],
                form.data["text_code"],
                staff=staff(),
                cause=form.cause,
            )
        except AlreadyDone:
            return _back(case_id)
        except (InvalidInput, NotHolder) as error:
            reject(form, error)
        else:
            return _back(case_id)
    return _render("vetting/question.html", form, file)


@pages.route("/hold", methods=["GET", "POST"])
@allow("officer", "supervisor")
def hold(case_id: UUID) -> ResponseReturnValue:
    """Place a hold on a member whose case this is."""
    file = _file(case_id, OWN_CASE)
    form = Form(ReasonIn)
    if form.sent():
        try:
            use_cases().place_hold(case_id, form.data["reason"], staff=staff(), cause=form.cause)
        except AlreadyDone:
            return _back(case_id)
        except (InvalidInput, NotHolder) as error:
            reject(form, error)
        except Conflict:
            form.reject_field("", str(words.word(words.HOLD_ERRORS, "nothing_to_hold")))
        else:
            return _back(case_id)
    return _render("vetting/hold.html", form, file)


def _decision_schema(case: Case) -> DecisionIn:
    schema = DecisionIn()
    outcomes = OUTCOMES[case.kind]
    reasons: dict[Reason, None] = {}
    for outcome in outcomes:
        reasons.update(dict.fromkeys(reasons_for(outcome)))
    _offer(schema, "outcome", choices(outcomes, words.OUTCOMES))
    _offer(schema, "reasons", choices(reasons, words.REASONS))
    return schema


def _offer(schema: DecisionIn, name: str, offered: list[tuple[str, Text]]) -> None:
    field = schema.fields[name]
    field.metadata = {**field.metadata, "choices": offered}


def _file(case_id: UUID, purpose: str) -> CaseFile:
    return use_cases().open_file(case_id, staff=staff(), purpose=purpose)


def _render(template: str, form: Form, file: CaseFile) -> Response:
    return render_form(
        template,
        form,
        file=file,
        case=file.case,
        mine=file.mine,
        open_hits=sum(hit.verdict == "open" for hit in file.hits),
    )


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", case_id=case_id), 303)
