"""The ends that a broker has opened, so that it can close those still open."""

from typing import Protocol, TypeVar
from weakref import WeakSet


class End(Protocol):
    """Anything that holds a connection."""

    def close(self) -> None:
        """Let go of it; safe to call twice."""


E = TypeVar("E", bound=End)


class OpenEnds:
    """Remembers ends for as long as somebody uses them."""

    def __init__(self) -> None:
        self._ends: WeakSet[End] = WeakSet()

    def add(self, end: E) -> E:
        """Remember ``end`` and return it."""
        self._ends.add(end)
        return end

    def close(self) -> None:
        """Close them all."""
        for end in list(self._ends):
            end.close()
