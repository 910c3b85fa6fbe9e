"""Looking people up by name."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.vetting.web.error_texts import reject
from services.vetting.web.schemas import LookUpForm
from services.vetting.web.serving import staff, use_cases
from shared.errors import InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.route("", methods=["GET", "POST"])
@allow("officer", "supervisor", "auditor")
def look_up() -> ResponseReturnValue:
    """Find people; the name travels in the body, since addresses are kept in logs."""
    form = Form(LookUpForm)
    found = None
    if form.sent():
        try:
            found = use_cases().look_up(
                form.data["name"], staff=staff(), purpose=form.data["purpose"]
            )
        except InvalidInput as error:
            reject(form, error)
    return render_form("vetting/people.html", form, found=found)
