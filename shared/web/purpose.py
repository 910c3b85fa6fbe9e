"""Opening a person's file asks for the purpose, once, and hands it to the use case's audit."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from shared.errors import NotFound
from shared.web.access import staff
from shared.web.kit import current_kit
from shared.web.language import Text
from shared.web.language import gettext as _
from shared.web.language import lazy as _l
from shared.web.sign_in import local_address

PURPOSES: Mapping[str, Text] = {
    "own_case": _l("I am working on this case"),
    "second_approval": _l("Second approval of a colleague's case"),
    "supervision": _l("Supervision of a colleague's work"),
    "applicant_asked": _l("The person asked about their file"),
    "appeal": _l("An appeal or a complaint"),
    "inspection": _l("An inspection at the port of entry"),
    "audit": _l("An audit"),
}

LASTS = 30 * 60  # seconds; the file stays open on the desk for about as long
MOST = 10  # purposes remembered at a time; a session travels in a cookie

purposes = Blueprint("purpose", __name__)


def asks_purpose(view: Callable[..., Any]) -> Callable[..., Any]:
    """Call the view with ``purpose=`` (a code), asking for it first where none was given yet."""

    @wraps(view)
    def asked(*args: Any, **values: Any) -> Any:
        chosen = _remembered().get(_file(request.path))
        if chosen is None:
            return render_template("purpose.html", purposes=PURPOSES, then=request.full_path)
        return view(*args, purpose=chosen[0], **values)

    return asked


@purposes.post("/<language:language>/purpose")
@staff
def choose() -> ResponseReturnValue:
    """Take the purpose and open the file."""
    then = local_address(request.form.get("then"))
    if then is None:
        raise NotFound("There is no such file")
    code = request.form.get("purpose", "")
    if code not in PURPOSES:
        error = _("Choose why you open this file.")
        page = render_template("purpose.html", purposes=PURPOSES, then=then, error=error)
        return page, 422
    kept = dict(list(_remembered().items())[-MOST + 1 :])
    kept[_file(then.partition("?")[0])] = [code, _now() + LASTS]
    session["purposes"] = kept
    return redirect(then.rstrip("?"), 303)


def _remembered() -> dict[str, list[Any]]:
    kept = cast("dict[str, list[Any]]", session.get("purposes", {}))
    return {path: chosen for path, chosen in kept.items() if chosen[1] > _now()}


def _file(path: str) -> str:
    """Return the part of a path that is the same in both languages."""
    return path.lstrip("/").partition("/")[2]


def _now() -> int:
    return int(current_kit().settings.clock().timestamp())
