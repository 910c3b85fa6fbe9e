"""One number at two lanes: heard by the antennas of both, or a card and its copy.

A reader hears cards of the next lane, too. A card belongs where it is heard stronger by a clear
margin (R12). Where nobody can tell, and where it was at two arms one after the other, one of the
two cards is a copy, and nobody knows which.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.events import Event

SAME_PORT_WITHIN = timedelta(minutes=2)
"""Nobody drives through one lane, around the port and up to another one in less."""
STANDS_AT_MOST = timedelta(minutes=15)
"""How long a vehicle of which no end is known counts as standing there still."""
MARGIN_DB = 6.0
"""By how much a card must be stronger at one lane to be of that lane: twice as far away."""
LINGERS = timedelta(seconds=5)
"""How long the card of a vehicle that has left is heard yet."""


class Nearest(StrEnum):
    """To which of two lanes a card belongs that both hear."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOBODY_KNOWS = "nobody_knows"


def nearest(here: float | None, there: float | None) -> Nearest:
    """Return to which lane a card belongs, by its strength in dBm at both; ``None`` is unknown."""
    if here is None or there is None or abs(here - there) < MARGIN_DB:
        return Nearest.NOBODY_KNOWS
    return Nearest.HERE if here > there else Nearest.ELSEWHERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """A card that a lane's antennas hear, at the arm or on the way, from ``since`` on.

    ``until`` is when its vehicle was gone, ``None`` while it is there. ``strength`` is that of the
    strongest read so far, in dBm, or ``None`` where the reader does not tell.
    """

    lane: str
    passage_id: UUID
    epc: bytes = field(repr=False)
    since: datetime
    until: datetime | None = None
    strength: float | None = None

    def over_by(self, now: datetime) -> datetime:
        """Return until when the card was there, as far as that is known at ``now``."""
        return self.until or min(now, self.since + STANDS_AT_MOST)

    def while_heard(self, since: datetime, last: datetime, *, now: datetime) -> bool:
        """Tell whether the card was there while another lane heard it from ``since`` to ``last``.

        One that is heard elsewhere for longer than cards linger after its vehicle has left here is
        another card.
        """
        return self.since <= last + LINGERS and last <= self.over_by(now) + LINGERS >= since


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
    """A card of the vehicle at the arm, for the port's other lanes to know; ``rssi`` in dBm."""

    passage_id: UUID
    lane: str
    epc: bytes = field(repr=False)
    rssi: float | None = None


@dataclass(frozen=True, kw_only=True)
class NumberInTwoPlaces(Event):
    """A card was at the arm of another lane as well, sooner than anybody can drive."""

    passage_id: UUID
    lane: str
    credential_id: UUID | None
    other_lane: str
    other_passage_id: UUID
    other_at: datetime


@dataclass(frozen=True, kw_only=True)
class NumberHeard(Event):
    """A card is heard stronger than the other lanes know; ``rssi`` in dBm."""

    passage_id: UUID
    lane: str
    epc: bytes = field(repr=False)
    rssi: float


@dataclass(frozen=True, kw_only=True)
class CardOfNextLane(Event):
    """A card that is heard here belongs to a vehicle of another lane, and counts for none here."""

    passage_id: UUID
    lane: str
    epc: bytes = field(repr=False)
    other_lane: str
    other_passage_id: UUID
    rssi: float | None
    other_rssi: float | None
