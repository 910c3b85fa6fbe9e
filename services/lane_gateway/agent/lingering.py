"""Cards of vehicles that have left the lane and are still heard: they belong to nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

IGNORED_FOR = 5.0
"""Seconds in which cards of a vehicle that has left are still read, and belong to nobody else."""


@dataclass
class LingeringCards:
    """The numbers that are not listened to; times are monotonic seconds."""

    _until: dict[bytes, float] = field(default_factory=dict)

    def left(self, cards: Iterable[bytes], at: float) -> None:
        """Take note of the cards of a vehicle that has left."""
        self._until = {epc: until for epc, until in self._until.items() if until > at}
        self._until |= dict.fromkeys(cards, at + IGNORED_FOR)

    def holds(self, epc: bytes, at: float, *, leaving: bool) -> bool:
        """Tell whether a card that is read now is one of those; it is for as long as it is heard.

        ``leaving`` says that the vehicle which left still stands in the lane.
        """
        until = self._until.get(epc)
        if until is None:
            return False
        if at > until and not leaving:
            del self._until[epc]
            return False
        self._until[epc] = at + IGNORED_FOR
        return True

    def forget(self) -> None:
        """Listen to every card again."""
        self._until.clear()
