"""Where a reader stands in the log: by our numbers, with the stream's offset to resume at.

The offset is not our number, and one beyond the stream's end delivers nothing, not even what comes
later. So a subscription by offset has to prove itself: by an entry that joins on to the last one.
If none comes in time, or one with a gap before it (the stream was made anew), the reader begins
again with the first entry kept, and drops by number what it has had.
"""

from enum import Enum, auto

FIRST = "first"


class Step(Enum):
    """What to do with an entry."""

    TAKE = auto()
    DROP = auto()
    ANEW = auto()
    """Drop it and subscribe again."""


class LogPosition:
    """The state of one reader over its subscriptions."""

    def __init__(self, after_number: int) -> None:
        self._last = after_number
        self._resume_at: int | None = None
        self._unproved = False
        self._leaving = False

    def subscribe(self) -> int | str:
        """Begin a subscription and return the offset to ask for."""
        self._leaving = False
        self._unproved = self._resume_at is not None
        return FIRST if self._resume_at is None else self._resume_at

    def arrived(self, number: int, offset: int) -> Step:
        """Judge an entry of the present subscription."""
        if self._leaving:
            return Step.DROP
        if self._unproved and number > self._last + 1:
            return self._anew()
        self._unproved = False
        self._resume_at = offset + 1
        if number <= self._last:
            return Step.DROP
        self._last = number
        return Step.TAKE

    def silent(self) -> Step | None:
        """Judge that nothing came for longer than heads are apart."""
        return self._anew() if self._unproved and not self._leaving else None

    def _anew(self) -> Step:
        self._resume_at = None
        self._leaving = True
        return Step.ANEW
