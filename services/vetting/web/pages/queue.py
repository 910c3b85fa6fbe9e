"""The queue: what waits, how old it is, and taking a case from it."""

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.vetting.use_cases.reading import QueueQuery, View
from services.vetting.web.schemas import NothingForm, QueueQueryIn
from services.vetting.web.serving import queries, staff, use_cases
from shared.errors import AlreadyDone
from shared.web.access import allow
from shared.web.forms import Form

pages = Blueprint("queue", __name__)


@pages.get("/cases")
@allow("officer", "supervisor", "auditor")
def list_cases() -> ResponseReturnValue:
    """Show a part of the queue."""
    wanted = QueueQueryIn().load(request.args.to_dict())
    query = QueueQuery(**wanted, officer=staff().subject)
    return render_template(
        "vetting/queue.html",
        query=query,
        page=queries().queue(query),
        ages=queries().ages(),
        alarms=queries().alarms(),
        views=list(View),
        me=staff(),
    )


@pages.post("/cases/<uuid:case_id>/claim")
@allow("officer", "supervisor")
def claim(case_id: UUID) -> ResponseReturnValue:
    """Take the case and go to it."""
    form = Form(NothingForm)
    with suppress(AlreadyDone):
        use_cases().claim_case(case_id, staff(), cause=form.cause)
    return redirect(url_for("cases.show", case_id=case_id), 303)


@pages.post("/cases/<uuid:case_id>/release")
@allow("officer", "supervisor")
def release(case_id: UUID) -> ResponseReturnValue:
    """Give the case back."""
    use_cases().release_case(case_id, staff())
    return redirect(url_for("queue.list_cases"), 303)


@pages.post("/cases/<uuid:case_id>/reopening")
@allow("officer", "supervisor")
def reopen(case_id: UUID) -> ResponseReturnValue:
    """Put a decided review back into the queue."""
    use_cases().reopen_case(case_id, staff=staff())
    return redirect(url_for("cases.show", case_id=case_id), 303)


@pages.post("/alarms/<uuid:alarm_id>/acknowledgement")
@allow("supervisor")
def acknowledge(alarm_id: UUID) -> ResponseReturnValue:
    """Note that the supervisor has seen the alarm."""
    use_cases().acknowledge_alarm(alarm_id, staff=staff())
    return redirect(url_for("queue.list_cases"), 303)
