"""A case: who it is about, what was found, and judging the hits."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.vetting.domain.case_rules import NotHolder
from services.vetting.domain.case_states import HELD_BY_OFFICER, Status
from services.vetting.domain.hit import Verdict
from services.vetting.web.error_texts import reject
from services.vetting.web.schemas import VerdictIn
from services.vetting.web.serving import queries, staff, use_cases
from shared.errors import AlreadyDone, InvalidInput, NotFound
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.purpose import asks_purpose

pages = Blueprint("cases", __name__, url_prefix="/cases")

OWN_CASE = "own_case"


@pages.get("/<uuid:case_id>")
@allow("officer", "supervisor", "auditor")
def show(case_id: UUID) -> ResponseReturnValue:
    """Show the case; whoever does not hold it says why they open the file."""
    row = queries().case(case_id)
    if row.officer == staff().subject and row.status in HELD_BY_OFFICER:
        return _show(case_id, purpose=OWN_CASE)
    return cast("str", _show_others(case_id))


@asks_purpose
def _show_others(case_id: UUID, *, purpose: str) -> str:
    return _show(case_id, purpose=purpose)


def _show(case_id: UUID, *, purpose: str) -> str:
    file = use_cases().open_file(case_id, staff=staff(), purpose=purpose)
    return render_template(
        "vetting/case.html",
        file=file,
        case=file.case,
        dossier=file.person.dossier if file.person else None,
        timeline=queries().timeline(case_id),
        mine=file.mine,
        second=file.case.status is Status.PROPOSED and file.case.decided_by != staff().subject,
        open_hits=sum(hit.verdict == "open" for hit in file.hits),
    )


@pages.route("/<uuid:case_id>/hits/<uuid:hit_id>", methods=["GET", "POST"])
@allow("officer", "supervisor")
def judge(case_id: UUID, hit_id: UUID) -> ResponseReturnValue:
    """Compare the applicant with the listed person, and say whether they are the same."""
    form = Form(VerdictIn)
    if form.sent():
        try:
            use_cases().adjudicate_hit(
                case_id,
                hit_id,
                Verdict(form.data["verdict"]),
                form.data["note"],
                staff=staff(),
                cause=form.cause,
            )
        except AlreadyDone:
            return _back(case_id)
        except (InvalidInput, NotHolder) as error:
            reject(form, error)
        else:
            return _back(case_id)
    return _judging(form, case_id, hit_id)


def _judging(form: Form, case_id: UUID, hit_id: UUID) -> Response:
    file = use_cases().open_file(case_id, staff=staff(), purpose=OWN_CASE)
    hit = next((hit for hit in file.hits if hit.id == hit_id), None)
    if hit is None:
        raise NotFound(f"The case has no hit {hit_id}")
    return render_form(
        "vetting/hit.html",
        form,
        case=file.case,
        hit=hit,
        mine=file.mine,
        dossier=file.person.dossier if file.person else None,
    )


@pages.post("/<uuid:case_id>/tie")
@allow("officer", "supervisor")
def declare_tie(case_id: UUID) -> ResponseReturnValue:
    """Declare that the file is one's own or a relative's."""
    use_cases().declare_tie(case_id, staff())
    return redirect(url_for("queue.list_cases"), 303)


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("cases.show", case_id=case_id), 303)
