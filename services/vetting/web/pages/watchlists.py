"""Watchlists: their versions, what a version changed, and taking a new one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.vetting.domain.watchlist.release import ListShrank
from services.vetting.domain.watchlist.unreadable import ListUnreadable
from services.vetting.web import words
from services.vetting.web.error_texts import LIST_FAULTS
from services.vetting.web.schemas import UploadForm
from services.vetting.web.serving import queries, staff, use_cases
from shared.errors import AlreadyDone
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import gettext as _
from shared.web.limits import body_limit

pages = Blueprint("watchlists", __name__, url_prefix="/watchlists")

LARGEST_UPLOAD = 64 * 1024 * 1024
"""The four files of 2021 have 3.4 MB together; a list may grow, but not for ever."""


@pages.get("")
@allow("officer", "supervisor", "auditor")
def show() -> ResponseReturnValue:
    """Show lists, versions and runs of re-screening."""
    return render_template(
        "vetting/watchlists.html",
        lists=queries().lists(),
        versions=queries().versions(),
        rescreens=queries().rescreens()[:10],
    )


@pages.get("/<name>/<int:number>")
@allow("officer", "supervisor", "auditor")
def diff(name: str, number: int) -> ResponseReturnValue:
    """Show what a version changed."""
    return render_template("vetting/list_version.html", diff=queries().diff(name, number))


@pages.route("/upload", methods=["GET", "POST"])
@allow("officer", "supervisor")
@body_limit(LARGEST_UPLOAD)
def upload() -> ResponseReturnValue:
    """Take a new version, whole or not at all."""
    form = Form(UploadForm)
    if form.sent():
        try:
            loaded = use_cases().load_watchlist(
                form.data["format"],
                _files(),
                staff=staff(),
                name=form.data["name"],
                accept_shrunken=form.data["accept_shrunken"],
                cause=form.cause,
            )
        except AlreadyDone:
            return redirect(url_for("watchlists.show"), 303)
        except ListUnreadable as error:
            form.reject_field("files", _fault(error))
        except ListShrank as error:
            form.reject_field(
                "accept_shrunken",
                _(
                    "The list fell from %(before)s to %(after)s. A supervisor can accept it.",
                    before=error.before,
                    after=error.after,
                ),
            )
        else:
            if not loaded.new:
                return redirect(url_for("watchlists.show"), 303)
            target = url_for("watchlists.diff", name=loaded.list, number=loaded.version)
            return redirect(target, 303)
    return render_form("vetting/upload.html", form, supervisor=staff().supervisor)


def _files() -> dict[str, bytes]:
    chosen = request.files.getlist("files")
    for file in chosen:
        file.seek(0)  # the form has read it already
    return {file.filename.rpartition("/")[2]: file.read() for file in chosen if file.filename}


def _fault(error: ListUnreadable) -> str:
    place = error.file if error.line is None else f"{error.file}: {error.line}"
    return f"{words.word(LIST_FAULTS, error.fault)} ({place})"
