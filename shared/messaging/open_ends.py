"""A broker remembers the ends that it has opened, so that it can close them."""

from typing import Protocol, TypeVar
from weakref import WeakSet


class End(Protocol):
    """Anything that holds a connection."""

    def close(self) -> None:
        """Let go of it; safe to call twice."""


E = TypeVar("E", bound=End)


class OpenEnds:
    """Remembers ends for as long as somebody uses them; both brokers are one."""

    def __init__(self) -> None:
        self._ends: WeakSet[End] = WeakSet()

    def add(self, end: E) -> E:
        """Remember ``end`` and return it."""
        self._ends.add(end)
        return end

    def close(self) -> None:
        """Close every end still open."""
        for end in list(self._ends):
            end.close()
