"""Event streams whose events are pieces of pages: rendered in the language and for the viewer.

A stream holds no queue: each event is made from the newest picture at the moment it is sent, so a
screen that was away never sees what was true before.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Response, copy_current_request_context, g
from flask_wtf.csrf import generate_csrf

from services.lane_gateway.web.parts import hub
from shared.context import acting, current_context
from shared.errors import TrustlaneError
from shared.web.language import current_language
from shared.web.principal import current_principal
from shared.web.streams import StreamEvent, event_stream

LIFE = 600.0
"""Seconds after which a screen asks anew, so that an ended session or a lost role ends it, too."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a screen shows now: ``key`` tells one look from another, ``age_ms`` how old it is."""

    key: object
    age_ms: int | None
    render: Callable[[], str]


Look = Callable[[float], Shown]
"""Waits up to so many seconds for news and returns what to show, new or not."""


def live_stream(look: Look) -> Response:
    """Answer with ``state`` events where the look changes, and ``beat`` events between them.

    ``look`` is called with 0 first. Both carry the age of the agent's counter in milliseconds, and
    go out only where the screen may rely on it; a stream that is silent for 3 s is not live.
    """
    language, principal, token = current_language(), current_principal(), generate_csrf()
    context, teller = current_context(), _Teller(look, ends=hub().now() + LIFE)

    @copy_current_request_context
    def next_event(timeout: float) -> StreamEvent | None:
        g.language, g.principal, g.csrf_token = language, principal, token
        g.request_id = context.request_id
        with acting(actor=context.actor, request_id=context.request_id):
            return teller.tell(timeout)

    return event_stream(next_event)


class _Teller:
    """Makes the events of one stream."""

    def __init__(self, look: Look, *, ends: float) -> None:
        self._look = look
        self._ends = ends
        self._last: object = None
        self._over = False

    def tell(self, timeout: float) -> StreamEvent | None:
        """Return the next event; ``None`` keeps the line open without saying that we are live."""
        if hub().now() > self._ends:
            return self._renew(timeout)
        began = hub().now()
        try:
            return self._event(timeout if self._last is not None else 0.0)
        except TrustlaneError as error:
            log.warning("live page not made", code=error.code)
            time.sleep(max(0.0, timeout - (hub().now() - began)))
            return None

    def _event(self, timeout: float) -> StreamEvent:
        shown = self._look(timeout)
        beat = json.dumps({"age": shown.age_ms})
        if self._last == shown.key:
            return StreamEvent(event="beat", data=beat)
        event = StreamEvent(event="state", data=f"{beat}\n{shown.render()}")
        self._last = shown.key
        return event

    def _renew(self, timeout: float) -> StreamEvent | None:
        """Ask the screen to come again, once; whoever does not come gets nothing any more."""
        if self._over:
            time.sleep(timeout)
            return None
        self._over = True
        return StreamEvent(event="renew", data="{}")
