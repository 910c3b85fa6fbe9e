"""Cases as JSON."""

from typing import Any
from uuid import UUID

from flask import Response

from services.vetting.domain.hit import Verdict
from services.vetting.use_cases.reading import QueueQuery
from services.vetting.web.schemas import (
    DecisionIn,
    PurposeIn,
    QuestionIn,
    QueueQueryIn,
    VerdictIn,
)
from services.vetting.web.serving import queries, staff, use_cases
from services.vetting.web.shapes import CaseFileOut, CaseOut, QueueOut
from shared.events import RequestCause
from shared.web.access import allow
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent
from shared.web.versions import versioned, with_etag

api = ApiBlueprint("case_api", __name__, url_prefix="/api/v1/cases")


def _case(case_id: UUID) -> Response:
    row = queries().case(case_id)
    return with_etag(CaseOut().dump(row), row.version)


def _again(result: str | None) -> Response:
    return _case(UUID(result))


@api.route("", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.arguments(QueueQueryIn, location="query")
@api.response(200, QueueOut)
def list_cases(wanted: dict[str, Any]) -> object:
    """Return a page of the queue, without personal data."""
    page = queries().queue(QueueQuery(**wanted, officer=staff().subject))
    return {"items": page.rows, "next": page.next}


@api.route("/<uuid:case_id>", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.response(200, CaseOut)
def read_case(case_id: UUID) -> object:
    """Return one case as the queue shows it."""
    return _case(case_id)


@api.route("/<uuid:case_id>/file", methods=["GET"])
@allow("officer", "supervisor", "auditor")
@api.arguments(PurposeIn, location="query")
@api.response(200, CaseFileOut)
def open_file(wanted: dict[str, Any], case_id: UUID) -> object:
    """Open the person's file; purpose, officer and time are recorded."""
    file = use_cases().open_file(case_id, staff=staff(), purpose=wanted["purpose"])
    body = {
        "case": queries().case(case_id),
        "person_id": file.case.person_id,
        "dossier": file.person.dossier if file.person else None,
        "findings": file.case.findings or [],
        "hits": file.hits,
        "interviews": file.interviews,
        "memberships": file.memberships,
        "timeline": queries().timeline(case_id),
        "reasons": file.case.reasons or [],
        "note": file.case.note,
        "list_version": file.case.list_version,
        "policy_version": file.case.policy_version,
        "needs_second": file.needs_second,
    }
    return with_etag(CaseFileOut().dump(body), file.case.version)


@api.route("/<uuid:case_id>/claim", methods=["POST"])
@allow("officer", "supervisor")
@api.response(200, CaseOut)
@idempotent(again=_again)
def claim(case_id: UUID, *, cause: RequestCause) -> object:
    """Take the case from the queue for the time of a lease."""
    use_cases().claim_case(case_id, staff(), cause=cause)
    return _case(case_id)


@api.route("/<uuid:case_id>/release", methods=["POST"])
@allow("officer", "supervisor")
@api.response(200, CaseOut)
@idempotent(again=_again)
def release(case_id: UUID, *, cause: RequestCause) -> object:
    """Give the case back to the queue."""
    use_cases().release_case(case_id, staff(), cause=cause)
    return _case(case_id)


@api.route("/<uuid:case_id>/reopening", methods=["POST"])
@allow("officer", "supervisor")
@api.response(200, CaseOut)
@idempotent(again=_again)
def reopen(case_id: UUID, *, cause: RequestCause) -> object:
    """Put a decided review back into the queue, such as to end a suspension."""
    use_cases().reopen_case(case_id, staff=staff(), cause=cause)
    return _case(case_id)


@api.route("/<uuid:case_id>/hits/<uuid:hit_id>/verdict", methods=["POST"])
@allow("officer", "supervisor")
@api.arguments(VerdictIn)
@api.response(200, CaseOut)
@idempotent(again=_again)
def judge(data: dict[str, Any], case_id: UUID, hit_id: UUID, *, cause: RequestCause) -> object:
    """Say whether a hit is the person of the case."""
    use_cases().adjudicate_hit(
        case_id, hit_id, Verdict(data["verdict"]), data["note"], staff=staff(), cause=cause
    )
    return _case(case_id)


@api.route("/<uuid:case_id>/decision", methods=["POST"])
@allow("officer", "supervisor")
@api.arguments(DecisionIn)
@api.response(200, CaseOut)
@idempotent(again=_again)
@versioned
def decide(data: dict[str, Any], case_id: UUID, *, cause: RequestCause, version: int) -> object:
    """Decide the case; it is proposed where a second officer has to confirm."""
    use_cases().decide_case(
        case_id,
        data["outcome"],
        data["reasons"],
        data["note"],
        staff=staff(),
        version=version,
        cause=cause,
    )
    return _case(case_id)


@api.route("/<uuid:case_id>/approval", methods=["POST"])
@allow("officer", "supervisor")
@api.response(200, CaseOut)
@idempotent(again=_again)
@versioned
def approve(case_id: UUID, *, cause: RequestCause, version: int) -> object:
    """Give the second approval to a colleague's proposal."""
    use_cases().confirm_decision(case_id, staff=staff(), version=version, cause=cause)
    return _case(case_id)


@api.route("/<uuid:case_id>/return", methods=["POST"])
@allow("officer", "supervisor")
@api.response(200, CaseOut)
@idempotent(again=_again)
def send_back(case_id: UUID, *, cause: RequestCause) -> object:
    """Send a colleague's proposal back."""
    use_cases().return_proposal(case_id, staff=staff(), cause=cause)
    return _case(case_id)


@api.route("/<uuid:case_id>/question", methods=["POST"])
@allow("officer", "supervisor")
@api.arguments(QuestionIn)
@api.response(200, CaseOut)
@idempotent(again=_again)
def ask(data: dict[str, Any], case_id: UUID, *, cause: RequestCause) -> object:
    """Ask the applicant to complete parts of the form."""
    use_cases().ask_applicant(
        case_id, data["fields_"], data["text_code"], staff=staff(), cause=cause
    )
    return _case(case_id)
