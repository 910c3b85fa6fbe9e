"""A form that was sent after its session had ended, kept until its owner has signed in again.

It travels sealed: in short-lived cookies that go to one address only or, where it is too long for
them, in a hidden field of the page that says so. It opens for the person who typed it, once signed
in again, and nobody else. Only a form with a valid CSRF token of the ended session is kept, so
that no other site can plant one.
"""

import json
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from shared.errors import NotSignedIn
from shared.web.access import public
from shared.web.kit import current_kit
from shared.web.principal import Principal, principal_or_none
from shared.web.sealed import Broken, Seal
from shared.web.settings import WebSettings

LIFETIME = 3600  # seconds; time enough to find a telephone for a second factor
PIECE = 3800  # characters; a browser drops a cookie over 4096 bytes
MOST_PIECES = 2  # proxies commonly refuse more than 8 KiB of cookies in a request
AGAIN = "kept"  # the hidden field that marks a form as brought back, to be shown and not yet done
NEVER_KEPT = frozenset({"csrf_token", AGAIN})

kept_forms = Blueprint("kept", __name__)


class SessionEnded(NotSignedIn):
    """The session ended before this request; ``form`` is what was typed, if anything."""

    code = "session_ended"

    def __init__(self, text: str, *, form: "KeptForm | None" = None) -> None:
        super().__init__(text)
        self.form = form


@dataclass(frozen=True, kw_only=True)
class KeptForm:
    """What was typed, where it was to go, and who typed it."""

    actor: str
    address: str
    fields: list[tuple[str, str]] = field(repr=False)
    files: bool = False

    @classmethod
    def of_request(cls, owner: Principal) -> "KeptForm":
        """Take the form of the current request."""
        return cls(
            actor=owner.actor,
            address=request.full_path.rstrip("?"),
            fields=[
                (name, value)
                for name, value in request.form.items(multi=True)
                if name not in NEVER_KEPT
            ],
            files=any(file.filename for file in request.files.values()),
        )


def form_seal(settings: WebSettings) -> Seal:
    """Return what seals the forms of one service."""
    return Seal((settings.secret_key, *settings.old_secret_keys), f"form {settings.service}")


def seal_form(seal: Seal, form: KeptForm) -> str:
    """Return ``form`` as a token."""
    return seal.seal(json.dumps([form.actor, form.address, form.fields, form.files]).encode())


def open_form(seal: Seal, token: str) -> KeptForm:
    """Return the form in ``token``, or raise ``Broken``."""
    actor, address, fields, files = json.loads(seal.open(token, max_age=LIFETIME))
    return KeptForm(
        actor=actor, address=address, fields=[(name, value) for name, value in fields], files=files
    )


def session_ended_page(form: KeptForm | None, issuer: str | None) -> Response:
    """Say that the session has ended, and what becomes of the form."""
    token = seal_form(_seal(), form) if form else ""
    fits = bool(token) and len(token) <= PIECE * MOST_PIECES
    page = make_response(
        render_template("session_ended.html", kept=form, token=token, fits=fits, issuer=issuer),
        401,
    )
    if fits:
        _put_cookies(page, token)
    return page


def forget_kept(response: ResponseReturnValue) -> Response:
    """Remove what was kept in cookies."""
    answer = make_response(response)
    for name in _cookie_names():
        answer.delete_cookie(name, path="/kept")
    return answer


@kept_forms.route("/kept/<language:language>", methods=["GET", "POST"])
@public
def bring_back() -> ResponseReturnValue:
    """Offer the form to the person who typed it."""
    token = request.form.get("token") or "".join(
        request.cookies.get(name, "") for name in _cookie_names()
    )
    try:
        form = open_form(_seal(), token)
    except Broken:
        return forget_kept((render_template("not_kept.html"), 404))
    principal = principal_or_none()
    if principal is None and request.method == "POST":
        return session_ended_page(form, None)
    if principal is None:
        return redirect(url_for("sign_in.choose", then=request.path))
    if principal.actor != form.actor:
        return forget_kept((render_template("not_kept.html"), 404))
    return forget_kept(render_template("kept.html", kept=form, again=AGAIN))


def _seal() -> Seal:
    return form_seal(current_kit().settings)


def _cookie_names() -> list[str]:
    return [f"{current_kit().settings.cookie}_kept_{piece}" for piece in range(MOST_PIECES)]


def _put_cookies(page: Response, token: str) -> None:
    pieces = [token[at : at + PIECE] for at in range(0, MOST_PIECES * PIECE, PIECE)]
    for name, piece in zip(_cookie_names(), pieces, strict=True):
        page.set_cookie(
            name,
            piece,
            max_age=LIFETIME,
            path="/kept",
            httponly=True,
            samesite="Lax",
            secure=current_kit().settings.production,
        )
