"""One number at the arms of two lanes: one of the two cards is a copy, and nobody knows which.

Only cards of a vehicle that stands at an arm count: a reader hears cards of the next lane, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.events import Event

SAME_PORT_WITHIN = timedelta(minutes=2)
"""Nobody drives through one lane, around the port and up to another one in less."""
STANDS_AT_MOST = timedelta(minutes=15)
"""How long a vehicle of which no end is known counts as standing there still."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A card at an arm, from ``at`` until its vehicle was gone; ``None`` while it stands there.

    A vehicle that was ``sent_on``, back or to another lane, may well be at the next arm then.
    """

    lane: str
    passage_id: UUID
    epc: bytes = field(repr=False)
    at: datetime
    until: datetime | None = None
    sent_on: bool = False

    def over_by(self, now: datetime) -> datetime:
        """Return until when the card was there, as far as that is known at ``now``."""
        return self.until or min(now, self.at + STANDS_AT_MOST)


def in_two_places(one: Sighting, other: Sighting, *, within: timedelta = SAME_PORT_WITHIN) -> bool:
    """Tell whether one card cannot have been at both; a vehicle sent elsewhere can."""
    first, later = sorted((one, other), key=lambda sighting: sighting.at)
    if one.epc != other.epc or one.lane == other.lane:
        return False
    gone = first.over_by(later.at)
    if first.sent_on and gone <= later.at:
        return False
    return later.at - gone <= within


def conflicts(mine: Sighting, others: Iterable[Sighting]) -> list[Sighting]:
    """Return the sightings at other lanes with which ``mine`` cannot be one card."""
    return [other for other in others if in_two_places(mine, other)]


@dataclass(frozen=True, kw_only=True)
class NumberAtArm(Event):
    """A card of the vehicle at the arm, for the port's other lanes to know."""

    passage_id: UUID
    lane: str
    epc: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NumberInTwoPlaces(Event):
    """A card was at the arm of another lane as well, sooner than anybody can drive."""

    passage_id: UUID
    lane: str
    credential_id: UUID | None
    other_lane: str
    other_passage_id: UUID
    other_at: datetime
