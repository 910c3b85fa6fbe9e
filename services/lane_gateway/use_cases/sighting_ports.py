"""What a lane's agent sees of the port's other lanes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.lane_gateway.domain.sightings import Hearing, Sighting


@dataclass(frozen=True, kw_only=True, slots=True)
class Gone:
    """A vehicle at another lane is gone; ``sent_on`` where it was sent back or to another lane."""

    passage_id: UUID
    at: datetime
    sent_on: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Disowned:
    """A card that another lane took for its own, and has found to be of the next lane."""

    passage_id: UUID
    epc: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """What happened at the other lanes; ``unread`` are those whose record cannot be read now."""

    heard: Sequence[Hearing] = ()
    disowned: Sequence[Disowned] = ()
    sightings: Sequence[Sighting] = ()
    gone: Sequence[Gone] = ()
    unread: frozenset[str] = frozenset()


class OtherLanes(Protocol):
    """The records of the port's other lanes, read only."""

    def news(self) -> Elsewhere:
        """Return what came since the last call; never waits for a writer."""

    def close(self) -> None:
        """Let go of the files; safe to call twice."""


class NoOtherLanes:
    """A lane that is the only one of its port."""

    def news(self) -> Elsewhere:
        """Return nothing."""
        return Elsewhere()

    def close(self) -> None:
        """Nothing is open."""
