"""What every request passes before its view: identity, access, size, kind, forgery."""

import re
from contextlib import AbstractContextManager
from uuid import uuid4

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError

from shared.context import Context, acting
from shared.errors import Forbidden, NotSignedIn, Unreadable, WrongMediaType
from shared.web.access import access_of
from shared.web.kept import KeptForm, SessionEnded
from shared.web.kit import current_kit, is_api
from shared.web.limits import body_limit_of
from shared.web.principal import Principal, principal_or_none
from shared.web.sessions import ended_principal, read_session
from shared.web.typed import storable

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def guard_border(app: Flask) -> None:
    """Let no request of ``app`` in unseen; the order counts."""
    for step in (open_context, read_address, set_limit, identify, admit, check_kind, check_forgery):
        app.before_request(step)
    app.after_request(name_request)
    app.teardown_request(close_context)


def open_context() -> None:
    """Take over the caller's request id, or make one."""
    offered = request.headers.get("X-Request-ID", "")
    g.request_id = offered if REQUEST_ID.fullmatch(offered) else str(uuid4())
    _enter(acting(actor=f"service:{current_kit().settings.service}", request_id=g.request_id))


def read_address() -> None:
    """Refuse characters that no text of ours can hold."""
    texts = [*request.args.keys(), *request.args.values(), request.path]
    if not all(storable(text) for text in texts):
        raise Unreadable("The address holds characters that are not text")


def set_limit() -> None:
    """Allow as many bytes as the view asks for, before anybody reads them."""
    if request.endpoint is not None:
        request.max_content_length = body_limit_of(
            request.endpoint, current_kit().settings.max_body
        )


def identify() -> None:
    """Find out who calls: a bearer assertion counts alone, else the session does."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        g.principal = _bearer(token.strip())
    else:
        read_session(current_kit().settings)
    principal = principal_or_none()
    if principal is not None:
        _enter(acting(actor=principal.actor))


def admit() -> None:
    """Let the caller in if the view is meant for them."""
    if request.endpoint is None or request.method == "OPTIONS":
        return
    access = access_of(current_app, request.endpoint, request.method)
    principal = principal_or_none()
    if access is not None and access.admits(principal):
        return
    if access is None or principal is not None:
        raise Forbidden("This is not for whoever is signed in")
    _ask_to_sign_in()


def check_kind() -> None:
    """Refuse what is no form at a page; APIs look at their bodies themselves."""
    if request.endpoint is None or request.method not in WRITING or is_api():
        return
    if request.mimetype not in FORMS and (request.content_length or request.mimetype):
        raise WrongMediaType("A page reads forms alone")


def check_forgery() -> None:
    """Refuse what another site made the browser send; a bearer is never sent by a browser."""
    principal = principal_or_none()
    by_bearer = principal is not None and "Authorization" in request.headers
    if request.endpoint is not None and not by_bearer:
        current_kit().csrf.protect()


def name_request(response: Response) -> Response:
    """Tell the caller under which id we know the request."""
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def close_context(_error: BaseException | None) -> None:
    """Leave the contexts, last one first."""
    for context in reversed(g.pop("contexts", [])):
        context.__exit__(None, None, None)


def _enter(context: AbstractContextManager[Context]) -> None:
    context.__enter__()
    g.setdefault("contexts", []).append(context)


def _bearer(token: str) -> Principal:
    verify = current_kit().settings.verify_client
    if verify is None or not token:
        raise NotSignedIn("No client signs in with a bearer here")
    return verify(token)


def _ask_to_sign_in() -> None:
    ended = ended_principal()
    if ended is None:
        raise NotSignedIn("Nobody is signed in")
    if request.method != "POST" or is_api():
        raise SessionEnded("The session has ended")
    try:
        current_kit().csrf.protect()
    except CSRFError as error:
        raise SessionEnded("The session has ended") from error
    raise SessionEnded("The session has ended", form=KeptForm.of_request(ended))
