"""Which vehicles are inspected by chance: drawn by the system, fixed beforehand, proved afterwards.

Inspectors that choose themselves did not keep to the sample (GAO-02-215R). So each lane draws from
a secret seed that holds for a day. What was published before the first draw binds the seed; once
the day is over the seed is told, and everybody can draw the same numbers again.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from shared.events import Event

MILLION = 1_000_000
VERSION = 1
"""Of the way in which seed, number and rate make a draw; it is part of what is published."""
SEED_BYTES = 32
CARRIED_FOR = timedelta(minutes=15)
"""How long a selected vehicle that was not inspected stays selected when it comes once more.

Else whoever sends it back, or starts the lane's computer anew, gets it another draw.
"""
_LABEL = b"trustlane selection"


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionPeriod:
    """One day of one lane's draws; ``period`` is its date in the lane's zone, as ISO text."""

    lane: str
    period: str
    ppm: int
    """How many of a million vehicles are selected."""
    seed: bytes = field(repr=False)
    version: int = VERSION

    @property
    def commitment(self) -> str:
        """Return what binds seed, lane, period, rate and version before the first draw."""
        return commitment_of(
            self.seed, lane=self.lane, period=self.period, ppm=self.ppm, version=self.version
        )

    def selects(self, number: int) -> bool:
        """Tell whether draw ``number``, from 1 on, selects its vehicle.

        Without the seed nobody can tell beforehand; with it everybody can afterwards.
        """
        mark = hmac.digest(self.seed, number.to_bytes(8, "big"), "sha256")
        return int.from_bytes(mark[:8], "big") * MILLION >> 64 < self.ppm


def commitment_of(seed: bytes, *, lane: str, period: str, ppm: int, version: int) -> str:
    """Return SHA-256 in hex over the label and the five values, a line each, the seed in hex."""
    lines = (_LABEL.decode(), str(version), lane, period, str(ppm), seed.hex())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawTaken:
    """One draw: its period and its number therein."""

    period: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SelectionStanding:
    """Where a lane's draws stand, as its record has it.

    ``running`` is the period that was begun and not revealed; ``drawn`` its highest number.
    ``uninspected`` are selected vehicles that left otherwise than by the lane within
    ``CARRIED_FOR``, by the numbers of their cards.
    """

    running: SelectionPeriod | None = None
    drawn: int = 0
    uninspected: Mapping[bytes, DrawTaken] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class SelectionCommitted(Event):
    """A period of draws begins; ``secret`` is the seed in hex, sealed in the record."""

    lane: str
    period: str
    ppm: int
    version: int
    commitment: str
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SelectionRevealed(Event):
    """A period of ``draws`` draws is over, and ``seed`` (hex) is no secret any more."""

    lane: str
    period: str
    ppm: int
    version: int
    commitment: str
    seed: str
    draws: int


@dataclass(frozen=True, kw_only=True)
class VehicleDrawn(Event):
    """A vehicle that would be clear took a draw."""

    passage_id: UUID
    lane: str
    period: str
    number: int
    selected: bool


@dataclass(frozen=True, kw_only=True)
class SelectionCarried(Event):
    """A vehicle that was selected and not inspected came once more and stays selected."""

    passage_id: UUID
    lane: str
    period: str
    number: int
