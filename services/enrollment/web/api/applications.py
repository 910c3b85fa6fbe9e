"""Applications as JSON: begin, read, send, answer, withdraw."""

from uuid import UUID

from flask import Response

from services.enrollment.domain.disclosures import Consent
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.web import texts
from services.enrollment.web.answer_fields import Answers
from services.enrollment.web.answers import ConsentIn
from services.enrollment.web.api.shapes import ApplicationIn, ApplicationOut, shown
from services.enrollment.web.doors import own_id, use_cases
from shared.events import RequestCause
from shared.web.access import applicant
from shared.web.api import ApiBlueprint
from shared.web.idempotency import idempotent
from shared.web.language import current_language
from shared.web.versions import with_etag

api = ApiBlueprint("api_applications", __name__, url_prefix="/api/v1/applications")


def _read(application_id: UUID) -> object:
    return shown(use_cases().read_own.application(application_id, person_id=own_id()))


def _again(result: str | None) -> object:
    return _read(UUID(result))


@api.route("", methods=["GET"])
@applicant
@api.response(200, ApplicationOut(many=True))
def list_applications() -> object:
    """List one's own applications, the newest first."""
    mine = use_cases().read_own.overview(person_id=own_id())
    return [shown(application) for application in mine.applications]


@api.route("", methods=["POST"])
@applicant
@api.arguments(ApplicationIn)
@api.response(201, ApplicationOut)
@idempotent(again=_again)
def begin(data: dict[str, str], *, cause: RequestCause) -> object:
    """Begin an application: an empty draft."""
    return shown(use_cases().start_application(own_id(), program=data["program"], cause=cause))


@api.route("/<uuid:application_id>", methods=["GET"])
@applicant
@api.response(200, ApplicationOut)
def read(application_id: UUID) -> Response:
    """Read an application: its state, since when, and who acts next."""
    application = use_cases().read_own.application(application_id, person_id=own_id())
    return with_etag(ApplicationOut().dump(shown(application)), application.version)


@api.route("/<uuid:application_id>/submission", methods=["POST"])
@applicant
@api.arguments(ConsentIn)
@api.response(202, ApplicationOut)
@idempotent(again=_again)
def submit(data: dict[str, object], application_id: UUID, *, cause: RequestCause) -> object:
    """Sign and send the application to vetting; the fee of this day is due."""
    consent = Consent(**data, language=current_language())  # type: ignore[arg-type]  # ConsentIn has these
    try:
        sent = use_cases().submit_application(
            application_id, person_id=own_id(), consent=consent, cause=cause
        )
    except FormInvalid as invalid:
        raise texts.spoken(invalid.flaws) from invalid
    return shown(sent)


@api.route("/<uuid:application_id>/answers", methods=["POST"])
@applicant
@api.arguments(Answers)
@api.response(202, ApplicationOut)
@idempotent(again=_again)
def amend(data: dict[str, object], application_id: UUID, *, cause: RequestCause) -> object:
    """Send the corrected form that vetting asked for."""
    del data
    try:
        sent = use_cases().amend_application(application_id, person_id=own_id(), cause=cause)
    except FormInvalid as invalid:
        raise texts.spoken(invalid.flaws) from invalid
    return shown(sent)


@api.route("/<uuid:application_id>/withdrawal", methods=["POST"])
@applicant
@api.arguments(Answers)
@api.response(202, ApplicationOut)
@idempotent(again=_again)
def withdraw(data: dict[str, object], application_id: UUID, *, cause: RequestCause) -> object:
    """Take the application back."""
    del data
    return shown(use_cases().withdraw_application(application_id, person_id=own_id(), cause=cause))
