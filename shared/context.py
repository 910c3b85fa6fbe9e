"""Who acts and in which request: set at the edges, read by log lines, messages and the audit.

A web request, a consumed message and a command line each open a context; what runs inside needs no
parameter for it, and threads do not see each other's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import uuid4


@dataclass(frozen=True, kw_only=True)
class Context:
    """The circumstances of one piece of work."""

    request_id: str
    actor: str
    """``person:<uuid>``, ``staff:<subject>``, ``service:<name>``, ``site:<id>``, ``cli:<name>``."""


_current: ContextVar[Context] = ContextVar("trustlane_context")


def current_context() -> Context:
    """Return the context of this thread; outside any, a fresh one of the service itself."""
    try:
        return _current.get()
    except LookupError:
        return Context(request_id=str(uuid4()), actor="service:unknown")


@contextmanager
def acting(*, actor: str | None = None, request_id: str | None = None) -> Iterator[Context]:
    """Work as ``actor`` within ``request_id``; what is not named is kept from the outer context."""
    outer = current_context()
    inner = replace(outer, actor=actor or outer.actor, request_id=request_id or outer.request_id)
    token = _current.set(inner)
    try:
        yield inner
    finally:
        _current.reset(token)
