"""The vehicles of one lane and their places in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from services.lane_gateway.domain.passage import Passage
from shared.events import Event

STALE_AFTER = 1.0
"""Seconds without a read after which a card is not in the vehicle that comes onto loop A now: the
antennas look at where it stands."""


@dataclass(kw_only=True)
class Vehicles:
    """Up to three vehicles: the one under the arm, the one before it, the one behind that."""

    coming: Passage | None = None
    front: Passage | None = None
    passing: Passage | None = None
    _events: list[Event] = field(default_factory=list)

    def every(self) -> Iterator[Passage]:
        """Yield the vehicles, the foremost first."""
        for passage in (self.passing, self.front, self.coming):
            if passage is not None:
                yield passage

    def find(self, passage_id: UUID | None) -> Passage | None:
        """Return the vehicle of that number, if it is still in the lane."""
        return next((one for one in self.every() if one.id == passage_id), None)

    @property
    def empty(self) -> bool:
        """Tell whether no vehicle is at the arm or under it."""
        return self.front is None and self.passing is None

    def take_events(self) -> list[Event]:
        """Hand over what happened to the vehicles since the last call."""
        for passage in self.every():
            self._events += passage.pull_events()
        taken, self._events = self._events, []
        return taken

    def remove(self, passage: Passage) -> None:
        """Let a vehicle go; what it still has to tell is kept."""
        self._events += passage.pull_events()
        for name in ("passing", "front", "coming"):
            if getattr(self, name) is passage:
                setattr(self, name, None)


def heard(passage: Passage, at: float) -> bool:
    """Tell whether some card of the vehicle is heard at ``at`` (monotonic seconds)."""
    return any(at - card.last_read <= STALE_AFTER for card in passage.own_cards.values())


def stale(passage: Passage, at: float) -> bool:
    """Tell whether some card of the vehicle has not been read for longer than it may be."""
    return any(
        at - card.last_read > STALE_AFTER for card in passage.own_cards.values() if card.reads
    )
