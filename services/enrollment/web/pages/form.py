"""The form, one group of questions a page: saved at each, left and resumed at will."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.enrollment.domain.application import EDITABLE, Application, NotEditable, Status
from services.enrollment.domain.application_form import Rules, Step
from services.enrollment.domain.disclosures import Consent
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.domain.form_document import dump_form
from services.enrollment.use_cases.fetching import legal_date
from services.enrollment.web import choices, texts
from services.enrollment.web.answers import SCHEMAS, WRAPPED, ConsentIn, answers_of, typed
from services.enrollment.web.doors import doors, own_id, use_cases
from shared.errors import AlreadyDone, NotFound
from shared.web.access import applicant
from shared.web.forms import Form, render_form
from shared.web.language import current_language
from shared.web.language import gettext as _

pages = Blueprint("form", __name__, url_prefix="/applications/<uuid:application_id>")
ORDER = tuple(Step)
CHECK = "check"


@pages.get("/next")
@applicant
def next_page(application_id: UUID) -> ResponseReturnValue:
    """Go on where the applicant left off."""
    application = _editable(application_id)
    step = application.form.next_step(_rules(application))
    return redirect(_address(application_id, step))


@pages.route("/form/<name>", methods=["GET", "POST"])
@applicant
def step_page(application_id: UUID, name: str) -> ResponseReturnValue:
    """Ask one group of questions."""
    step = _step(name)
    application = _editable(application_id)
    form = Form(SCHEMAS[step], _initial(step, application), version=application.version)
    if _changed_rows(form, step):
        return _shown(form, step, application)
    if form.sent() and _saved(form, step, application_id):
        return redirect(_after(form, step, application_id), 303)
    return _shown(form, step, application)


@pages.route("/check", methods=["GET", "POST"])
@applicant
def check(application_id: UUID) -> ResponseReturnValue:
    """Show all answers before they are signed, and sign them."""
    application = _editable(application_id)
    form = Form(ConsentIn, version=application.version)
    if form.sent() and _signed(form, application):
        return redirect(url_for("applications.status", application_id=application_id), 303)
    rules = _rules(application)
    return render_form(
        "enrollment/check.html",
        form,
        application=application,
        answers=dump_form(application.form),
        unfinished=application.form.next_step(rules),
        fee=doors().policy.fee(application.program, rules.today),
        minor=_minor(application, rules),
        asked=application.request,
        steps=ORDER,
        texts=texts,
        choices=choices,
    )


def _editable(application_id: UUID) -> Application:
    application = use_cases().read_own.application(application_id, person_id=own_id())
    if application.status not in EDITABLE:
        raise NotEditable(f"An application that is {application.status} cannot be changed")
    return application


def _rules(application: Application) -> Rules:
    today = legal_date(application.form, doors().clock())
    return Rules.of(doors().policy, application.program, today)


def _minor(application: Application, rules: Rules) -> bool:
    unsigned = Consent(truth=True, checks=True, language=current_language())
    flaws = replace(application.form, consent=unsigned).flaws(rules)
    return any(flaw.code == "guardian_consent_needed" for flaw in flaws)


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        raise NotFound(f"The form has no step {name[:20]}") from None


def _initial(step: Step, application: Application) -> dict[str, object]:
    """Return what stands in the inputs: the answers, or a first guess from earlier ones."""
    form = application.form
    answers = typed(step, form)
    if answers.get(str(step)) or (answers and step not in WRAPPED):
        return answers
    if step is Step.CONTACT:
        return {"language": current_language()}
    if form.physical_address is not None and step is Step.MAILING_ADDRESS:
        return typed(Step.PHYSICAL_ADDRESS, form)
    if form.physical_address is not None and step is Step.RESIDENCES:
        return {str(step): [typed(Step.PHYSICAL_ADDRESS, form)]}
    return answers


def _changed_rows(form: Form, step: Step) -> bool:
    """Add or remove an entry of a list on the page, without saving anything."""
    rows = "others" if step is Step.NAMES else str(step)
    action, _, row = (form.action or "").partition("-")
    if action == "add":
        form.add_row(rows)
        return True
    if action == "remove" and row.isdecimal():
        form.remove_row(rows, int(row))
        return True
    return False


def _saved(form: Form, step: Step, application_id: UUID) -> bool:
    try:
        use_cases().save_step(
            application_id,
            person_id=own_id(),
            step=step,
            answers=answers_of(step, form.data),
            complete=form.action != "later" or step not in WRAPPED,
            version=form.version,
            cause=form.cause,
        )
    except AlreadyDone:
        return True
    except FormInvalid as invalid:
        form.reject(texts.spoken(invalid.flaws, below="" if step in WRAPPED else str(step)))
        return False
    return True


def _signed(form: Form, application: Application) -> bool:
    consent = Consent(**form.data, language=current_language())
    try:
        if application.status is Status.DRAFT:
            use_cases().submit_application(
                application.id,
                person_id=own_id(),
                consent=consent,
                version=form.version,
                cause=form.cause,
            )
        else:
            use_cases().amend_application(
                application.id, person_id=own_id(), version=form.version, cause=form.cause
            )
    except AlreadyDone:
        return True
    except FormInvalid as invalid:
        _reject_whole(form, invalid)
        return False
    return True


def _reject_whole(form: Form, invalid: FormInvalid) -> None:
    """Show what is wrong with the signature at its fields, and all else by the name of its step."""
    for flaw in invalid.flaws:
        step, _dot, rest = flaw.path.partition(".")
        if step == "consent" and rest:
            form.reject_field(rest, texts.text_of(flaw))
        elif step in SCHEMAS:
            form.reject_field("", f"{texts.STEPS[Step(step)]}: {texts.text_of(flaw)}")


def _after(form: Form, step: Step, application_id: UUID) -> str:
    if form.action == "later":
        return url_for("applications.overview")
    if request.args.get("back") == CHECK:
        return url_for("form.check", application_id=application_id)
    following = ORDER.index(step) + 1
    return _address(application_id, ORDER[following] if following < len(ORDER) else None)


def _address(application_id: UUID, step: Step | None) -> str:
    if step is None:
        return url_for("form.check", application_id=application_id)
    return url_for("form.step_page", application_id=application_id, name=str(step))


def _shown(form: Form, step: Step, application: Application) -> ResponseReturnValue:
    place = ORDER.index(step)
    before = _address(application.id, ORDER[place - 1]) if place else None
    return render_form(
        f"enrollment/steps/{step}.html",
        form,
        application=application,
        step=step,
        number=place + 1,
        names=[str(texts.STEPS[each]) for each in ORDER],
        before=before,
        title=_(str.__str__(texts.STEPS[step])),
        texts=texts,
        rules=_rules(application),
    )
