"""Sessions that their owners have ended: a copied cookie opens nothing after the sign-out."""

from datetime import datetime
from threading import Lock
from typing import Protocol


class EndedSessions(Protocol):
    """Remembers ended sessions for as long as their cookies could be used."""

    def add(self, session: str, *, until: datetime, now: datetime) -> None:
        """Remember that ``session`` is over; ``until`` its cookie would have counted."""

    def holds(self, session: str) -> bool:
        """Tell whether ``session`` is over."""


class EndedInMemory:
    """Enough where one process serves all of a service's pages.

    Several processes want an implementation in their database: one of them learns nothing of a
    sign-out at another here.
    """

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._lock = Lock()

    def add(self, session: str, *, until: datetime, now: datetime) -> None:
        """Remember ``session``, and forget those whose time is over."""
        with self._lock:
            self._until = {key: end for key, end in self._until.items() if end > now}
            self._until[session] = until

    def holds(self, session: str) -> bool:
        """Tell whether ``session`` is over."""
        return session in self._until
