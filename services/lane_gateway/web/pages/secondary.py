"""Secondary inspection: who is expected, who has come, what was found person by person."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.lane_gateway.domain.visit import (
    PersonResult,
    Result,
    ViolationType,
    VisitStatus,
)
from services.lane_gateway.use_cases.reads import VisitRow
from services.lane_gateway.web.holders import Holder
from services.lane_gateway.web.live_hub import numbers_of
from services.lane_gateway.web.live_stream import Shown, live_stream
from services.lane_gateway.web.parts import hub, parts, reads, use_cases
from services.lane_gateway.web.schemas import InspectionSchema
from shared.errors import AlreadyDone, InvalidInput
from shared.web.access import allow
from shared.web.forms import Form, render_form
from shared.web.language import gettext as _
from shared.web.principal import current_principal
from shared.web.purpose import asks_purpose

pages = Blueprint("secondary", __name__, url_prefix="/secondary")

OPEN = frozenset(VisitStatus) - {VisitStatus.RELEASED}
MOST = 200
LAST_RELEASED = 10
INSPECTION = "inspection"
"""The purpose of who records a result: the people were opened with it on the page before."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One card holder of the vehicle, as the page names them."""

    number: int
    credential_id: UUID
    holder: Holder = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Yard:
    """The vehicles at secondary, and those that left last."""

    visits: tuple[VisitRow, ...]
    released: tuple[VisitRow, ...]


@pages.get("")
@allow("booth", "port")
def overview() -> ResponseReturnValue:
    """List the vehicles at secondary."""
    return render_template("lane_gateway/secondary.html", view=_look())


@pages.get("/stream")
@allow("booth", "port")
def stream() -> ResponseReturnValue:
    """Send the list at each change."""

    def look(timeout: float) -> Shown:
        hub().wait_any(numbers_of(hub().all()), timeout)
        view = _look()
        render = partial(render_template, "lane_gateway/secondary_live.html", view=view)
        return Shown(key=view, age_ms=0, render=render)

    return live_stream(look)


@pages.post("/<uuid:visit_id>/arrive")
@allow("booth", "port")
def arrive(visit_id: UUID) -> ResponseReturnValue:
    """Note that a vehicle has come."""
    use_cases().arrive(visit_id, current_principal().subject)
    return redirect(url_for("secondary.show", visit_id=visit_id), 303)


@pages.get("/<uuid:visit_id>")
@allow("booth", "port")
@asks_purpose
def show(visit_id: UUID, *, purpose: str) -> ResponseReturnValue:
    """Show a vehicle with its people, and the form for the results."""
    visit = reads().visit(visit_id)
    return _page(visit, Form(InspectionSchema, version=visit.version), purpose)


@pages.post("/<uuid:visit_id>/results")
@allow("booth", "port")
def results(visit_id: UUID) -> ResponseReturnValue:
    """Record what was found, person by person."""
    visit = reads().visit(visit_id)
    form = Form(InspectionSchema, version=visit.version)
    if form.sent() and _inspect(visit_id, form):
        return redirect(url_for("secondary.show", visit_id=visit_id), 303)
    return _page(visit, form, INSPECTION)


@pages.post("/<uuid:visit_id>/release")
@allow("booth", "port")
def release(visit_id: UUID) -> ResponseReturnValue:
    """Let an inspected vehicle go."""
    use_cases().release(visit_id, current_principal().subject)
    return redirect(url_for("secondary.overview"), 303)


def _look() -> Yard:
    released = reads().visits(frozenset({VisitStatus.RELEASED}), limit=LAST_RELEASED)
    return Yard(visits=tuple(reads().visits(OPEN, limit=MOST)), released=tuple(released))


def _inspect(visit_id: UUID, form: Form) -> bool:
    found = tuple(_result(person) for person in form.data["people"])
    officer = current_principal().subject
    try:
        use_cases().inspect(visit_id, found, officer, version=form.version, cause=form.cause)
    except InvalidInput:
        form.reject_field("", _("Give a result for every person in the vehicle."))
        return False
    except AlreadyDone:
        return True
    return True


def _result(person: dict[str, Any]) -> PersonResult:
    result = Result(person["result"])
    wrong = result is Result.VIOLATION
    return PersonResult(
        credential_id=person["credential_id"],
        result=result,
        violation=ViolationType(person["violation"]) if wrong else None,
        note=person["note"],
    )


def _page(visit: VisitRow, form: Form, purpose: str) -> Response:
    people = [
        Person(
            number=number,
            credential_id=each,
            holder=parts().holders.shown_for(each, visit.passage_id, purpose=purpose),
        )
        for number, each in enumerate(visit.credential_ids, start=1)
    ]
    return render_form("lane_gateway/visit.html", form, visit=visit, people=people)
