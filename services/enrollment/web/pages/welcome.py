"""The first page: what the program is, what it asks, what it costs."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.enrollment.domain.center import center_of
from services.enrollment.domain.policy_rows import SENTRI
from services.enrollment.domain.program import Rule
from services.enrollment.use_cases.fetching import DEFAULT_CENTER
from services.enrollment.web.doors import doors
from shared.web.access import public

pages = Blueprint("welcome", __name__, url_prefix="/welcome")


@pages.get("")
@public
def home() -> ResponseReturnValue:
    """Show what the program is about."""
    today = center_of(DEFAULT_CENTER).today(doors().clock())
    policy = doors().policy
    return render_template(
        "enrollment/welcome.html",
        fee=policy.fee(SENTRI, today),
        years=policy.value(SENTRI, Rule.VALIDITY_YEARS, today),
        look_back=policy.value(SENTRI, Rule.LOOK_BACK_YEARS, today),
        vehicles=policy.value(SENTRI, Rule.VEHICLES_PER_MEMBER, today),
    )
