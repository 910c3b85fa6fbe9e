"""Puts the booth's page together: the whole of it, and the piece that a live page exchanges."""

from uuid import UUID

from flask import Response, make_response, render_template

from services.lane_gateway.web.booth_view import BoothView, Seat, booth_view
from services.lane_gateway.web.parts import hub, parts, reads
from services.lane_gateway.web.schemas import CommandSchema
from shared.web.forms import Form
from shared.web.principal import current_principal


def lane_seat(lane: str) -> Seat:
    """Return what the desk knows of the lane, and who looks; or raise ``NotFound``."""
    return Seat(
        row=reads().lane(lane),
        officer=current_principal().subject,
        newest_command=reads().newest_command(lane),
    )


def see_booth(seat: Seat) -> BoothView:
    """Return what the screen shows now."""
    live = hub().look(seat.row.lane)
    return booth_view(live, hub().now(), seat=seat, holders=parts().holders)


class CommandForm(Form):
    """The form of any command; a page shows of it what one kind of command needs."""

    def required(self, name: str) -> bool:
        """Tell whether ``name`` must be answered wherever it is asked."""
        return name != "region"


def command_form() -> Form:
    """Return the form of the current request."""
    return CommandForm(CommandSchema)


def render_booth(view: BoothView, form: Form | None = None, *, paused: bool = False) -> Response:
    """Answer with the whole page; ``paused`` holds it still for somebody without a script."""
    sent = form or _form_of(view)
    _fill(sent, view)
    page = render_template(
        "lane_gateway/booth.html", view=view, form=sent, paused=paused or bool(sent.errors)
    )
    return make_response(page, 422 if sent.errors else 200)


def render_parts(view: BoothView) -> str:
    """Return the piece of the page that changes."""
    return render_template("lane_gateway/booth_live.html", view=view, form=_form_of(view))


def _form_of(view: BoothView) -> Form:
    """Return an empty form whose key stays the same until something happens at the lane."""
    form = CommandForm(CommandSchema)
    form.once = UUID(view.once)
    _fill(form, view)
    return form


def _fill(form: Form, view: BoothView) -> None:
    """Put the camera's reading where nothing was typed."""
    passage = view.passage
    for name in ("plate", "region"):
        if passage is not None and name not in form.values:
            form.values[name] = [getattr(passage, name) or ""]
