"""Event streams for pages that are live, so many at most that others still get a thread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import cast

from flask import Flask, Response, current_app

from shared.errors import Unavailable
from shared.web.kit import current_kit
from shared.web.metrics import STREAMS

LOOK = 1.0  # seconds between two looks at the stop event; a stop waits at most as long
EXTENSION = "trustlane_streams"


@dataclass(frozen=True, kw_only=True)
class StreamEvent:
    """One event for the browser; ``data`` is usually JSON."""

    data: str
    event: str = "message"
    id: str | None = None

    def encoded(self) -> str:
        """Return the event as the wire has it."""
        lines = [f"id: {self.id}"] if self.id is not None else []
        lines += [f"event: {self.event}", *(f"data: {line}" for line in self.data.split("\n"))]
        return "\n".join(lines) + "\n\n"


NextEvent = Callable[[float], StreamEvent | None]
"""Waits up to so many seconds for the next event; ``None`` when there is none yet."""


def limit_streams(app: Flask, most: int) -> None:
    """Let ``app`` keep at most ``most`` streams open."""
    app.extensions[EXTENSION] = BoundedSemaphore(most)


def event_stream(next_event: NextEvent) -> Response:
    """Answer with events until the browser leaves or the process stops; or raise ``Unavailable``.

    Between events a comment goes out, by which we notice that nobody listens any more.
    """
    kit = current_kit()
    places = cast("BoundedSemaphore", current_app.extensions[EXTENSION])
    if not places.acquire(blocking=False):
        raise Unavailable("As many live pages as this server can serve are open")
    gauge = STREAMS.labels(kit.settings.service)
    gauge.inc()

    def leave() -> None:
        gauge.dec()
        places.release()

    response = Response(_lines(next_event, kit.settings.stop.is_set), mimetype="text/event-stream")
    response.call_on_close(leave)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _lines(next_event: NextEvent, stopping: Callable[[], bool]) -> Iterator[str]:
    yield "retry: 2000\n\n"
    while not stopping():
        event = next_event(LOOK)
        yield event.encoded() if event is not None else ": alive\n\n"
