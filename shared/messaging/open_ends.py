"""A broker remembers the ends that it has opened, so that it can close them."""

from typing import Protocol, TypeVar


class End(Protocol):
    """Anything that holds a connection."""

    def close(self) -> None:
        """Let go of it; safe to call twice."""


E = TypeVar("E", bound=End)


class OpenEnds:
    """Keeps every end until the broker closes; a process opens a handful in its life."""

    def __init__(self) -> None:
        self._ends: list[End] = []

    def add(self, end: E) -> E:
        """Remember ``end`` and return it."""
        self._ends.append(end)
        return end

    def close(self) -> None:
        """Close every end still open."""
        while self._ends:
            self._ends.pop().close()
