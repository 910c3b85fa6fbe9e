"""One place where errors become answers: problem+json (RFC 9457) for APIs, a page for people.

Neither shows a trace or a value; both carry the request id, under which the log has the rest.
"""

from contextlib import suppress
from http import HTTPStatus

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, SecurityError

from shared.errors import (
    FieldErrors,
    InvalidInput,
    NotSignedIn,
    TooLarge,
    TrustlaneError,
    Unavailable,
    Unreadable,
)
from shared.web.access import access_of
from shared.web.error_texts import ERROR_TEXTS, ErrorText
from shared.web.field_errors import flat
from shared.web.kept import SessionEnded, session_ended_page
from shared.web.kit import current_kit, is_api
from shared.web.language import gettext as _
from shared.web.sign_in import SignInCancelled, SignInFailed

PROBLEM = "application/problem+json"
MOST_DRAINED = 16 * 1024 * 1024  # bytes read and thrown away before the connection is closed
DRAIN_CHUNK = 64 * 1024
RETRY_AFTER = 5  # seconds; a restart of what we depend on takes about as long

log = structlog.get_logger()

CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge.code,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "wrong_media_type",
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidInput.code,
}


def answer_errors(app: Flask) -> None:
    """Answer every error of ``app`` in one shape."""
    app.register_error_handler(TrustlaneError, expected)
    app.register_error_handler(ValidationError, invalid)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unexpected)


def expected(error: TrustlaneError) -> ResponseReturnValue:
    """Answer an error we foresaw."""
    log.info("request refused", code=error.code, endpoint=request.endpoint, reason=str(error))
    fields = error.fields if isinstance(error, InvalidInput) else None
    if not is_api() and isinstance(error, NotSignedIn):
        return _not_signed_in(error)
    response = answer(error.status, error.code, detail=str(error), fields=fields)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def invalid(error: ValidationError) -> ResponseReturnValue:
    """Answer what marshmallow rejected as any other invalid input."""
    return expected(InvalidInput(flat(error.messages)))


def forged(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or not of this session."""
    log.info("request refused", code="forgery", endpoint=request.endpoint)
    return answer(400, "forgery", detail="The CSRF token is missing or not of this session")


def of_http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask found wrong before any view of ours."""
    if isinstance(error, SecurityError):
        return Response("Bad request\n", 400, content_type="text/plain")
    status = HTTPStatus(error.code or 500)
    known = status in CODES or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    code = CODES.get(status, TrustlaneError.code if known else Unreadable.code)
    response = answer(status if known else 400, code, detail=status.phrase)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def unexpected(error: Exception) -> ResponseReturnValue:
    """Answer a bug: the log gets its trace, the caller the id to find it by."""
    log.error("unexpected error", endpoint=request.endpoint, exc_info=error)
    return answer(500, TrustlaneError.code, detail="An error of ours; the log has it")


def _drain() -> None:
    """Read what the caller still sends, up to a limit: unread, it would cut our answer off."""
    left, stream = MOST_DRAINED, request.environ.get("wsgi.input")
    with suppress(OSError):
        while stream is not None and left > 0 and (chunk := stream.read(min(left, DRAIN_CHUNK))):
            left -= len(chunk)


def answer(status: int, code: str, *, detail: str, fields: FieldErrors | None = None) -> Response:
    """Answer in the caller's manner."""
    response = _answer(status, code, detail=detail, fields=fields)
    if (request.content_length or 0) > DRAIN_CHUNK:
        _drain()
    return response


def _typed(status: int) -> list[tuple[str, str]]:
    """Return what was typed into a form that could not be taken now, to be sent again.

    The once-key is among it, so the form counts once however often it is sent.
    """
    if status != HTTPStatus.SERVICE_UNAVAILABLE or request.method != "POST":
        return []
    return list(request.form.items(multi=True))


def _answer(status: int, code: str, *, detail: str, fields: FieldErrors | None) -> Response:
    texts = _texts(code)
    if not is_api():
        page = render_template(
            "error.html",
            texts=texts,
            code=code,
            fields=fields,
            status=status,
            typed=_typed(status),
            had_files=status == HTTPStatus.SERVICE_UNAVAILABLE and bool(request.files),
        )
        return make_response(page, status)
    body: dict[str, object] = {
        "type": "about:blank",
        "title": str(texts.title),
        "status": int(status),
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id", ""),
    }
    if fields is not None:
        body["errors"] = {name: [str(text) for text in texts] for name, texts in fields.items()}
    response = jsonify(body)
    response.status_code = int(status)
    response.content_type = PROBLEM
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="trustlane"'
    return response


def _texts(code: str) -> ErrorText:
    own = current_kit().error_texts.get(code)
    if isinstance(own, ErrorText):
        return own
    if own is not None:
        return ErrorText(title=own, advice=ERROR_TEXTS["conflict"].advice)
    return ERROR_TEXTS.get(code, ERROR_TEXTS["conflict"])


def _not_signed_in(error: NotSignedIn) -> ResponseReturnValue:
    if isinstance(error, SignInFailed | SignInCancelled):
        return answer(error.status, error.code, detail=_("Nobody was signed in"))
    issuer = _door()
    if request.method not in ("GET", "HEAD"):
        form = error.form if isinstance(error, SessionEnded) else None
        return session_ended_page(form, issuer)
    then = request.full_path.rstrip("?")
    if issuer is None:
        return redirect(url_for("sign_in.choose", then=then))
    return redirect(url_for("sign_in.start", issuer=issuer, then=then))


def _door() -> str | None:
    """Return the one issuer whose people the view is meant for, if that is the only way in."""
    if request.endpoint is None or current_kit().door is not None:
        return None
    access = access_of(current_app, request.endpoint, request.method)
    if access is None or access.people == access.for_staff:
        return None
    return "people" if access.people else "staff"
