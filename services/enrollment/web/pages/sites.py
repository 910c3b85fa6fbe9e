"""How far the credential feed has come: "42 of 44 sites applied within 0.3 s", and alarms."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.enrollment.web import site_words
from services.enrollment.web.doors import doors
from shared.web.access import allow

pages = Blueprint("sites", __name__, url_prefix="/sites")


@pages.get("")
@allow("admin", "port")
def overview() -> ResponseReturnValue:
    """Show the feed, its sites and their alarms."""
    state = doors().queries.feed_state()
    return render_template(
        "enrollment/sites.html",
        state=state,
        alarms=doors().queries.alarms(),
        words=site_words,
        now=doors().clock(),
    )
