"""From the thread that owns a connection to the thread that works on what it brought."""

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from shared.errors import Unavailable

T = TypeVar("T")


class HandOver(Generic[T]):
    """A queue of received things that also knows whether more can come."""

    def __init__(self) -> None:
        self._items: SimpleQueue[T] = SimpleQueue()
        self._trouble: str | None = None

    def put(self, item: T) -> None:
        """Hand over ``item``; called by the connection's thread."""
        self._items.put(item)

    def lost(self, trouble: str) -> None:
        """Say that nothing can come for now."""
        self._trouble = trouble

    def restored(self) -> None:
        """Say that things can come again."""
        self._trouble = None

    def take(self, timeout: float) -> T | None:
        """Return the next thing, ``None`` after ``timeout`` s, or ``Unavailable`` if cut off."""
        try:
            return self._items.get(timeout=max(0.0, timeout))
        except Empty:
            if self._trouble is not None:
                raise Unavailable(self._trouble) from None
            return None
