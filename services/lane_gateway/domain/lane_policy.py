"""What one lane admits, as rows of data that policy may change.

Sources conflict on some combinations (does a SENTRI card serve in a NEXUS lane?), so nothing here
is a rule of the program: the rows below are only what a new site starts with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class LaneMode(StrEnum):
    """Who decides at the lane; attended is the default everywhere."""

    CLOSED = "closed"
    ATTENDED = "attended"
    REMOTE = "remote"
    AUTOMATIC = "automatic"


class LaneHealth(StrEnum):
    """How much of the lane works."""

    OK = "ok"
    DEGRADED = "degraded"
    OUT_OF_SERVICE = "out_of_service"


class LaneType(StrEnum):
    """The kind of lane, as its sign above says."""

    SENTRI = "sentri"
    NEXUS = "nexus"
    READY = "ready"


class Direction(StrEnum):
    """Into the country of the port, or out of it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Admittance(StrEnum):
    """What a lane does with the members of a program."""

    ADMIT = "admit"
    REDIRECT = "redirect"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramRow:
    """One row of the table program x lane type x direction; what has no row is redirected.

    ``needs_vehicle`` demands that the vehicle is enrolled to at least one of the cards in it.
    """

    program: str
    lane_type: LaneType
    direction: Direction
    admittance: Admittance
    needs_vehicle: bool = False


def _rows(
    lane_type: LaneType, programs: Sequence[str], *, needs_vehicle: bool = False
) -> tuple[ProgramRow, ...]:
    return tuple(
        ProgramRow(
            program=program,
            lane_type=lane_type,
            direction=direction,
            admittance=Admittance.ADMIT,
            needs_vehicle=needs_vehicle,
        )
        for program in programs
        for direction in Direction
    )


STARTING_ROWS: tuple[ProgramRow, ...] = (
    *_rows(LaneType.SENTRI, ("sentri", "global_entry"), needs_vehicle=True),
    *_rows(LaneType.NEXUS, ("nexus", "global_entry")),
    ProgramRow(
        program="sentri",
        lane_type=LaneType.NEXUS,
        direction=Direction.INBOUND,
        admittance=Admittance.REDIRECT,
    ),
    *_rows(LaneType.READY, ("sentri", "nexus", "global_entry", "fast")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeLimits:
    """How old the credential list may be; policy rows of the lane."""

    fresh: timedelta = timedelta(minutes=2)
    """Up to here everything is normal."""
    aged: timedelta = timedelta(hours=72)
    """Up to here automatic falls to attended and the booth shows the age; beyond, all referred."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LanePolicy:
    """The policy rows that concern one lane.

    ``counter_grants_automatic`` is the row that grants automatic mode to a lane with an occupant
    counter; no other lane may have it. ``min_plate_confidence`` is where the camera is believed
    without asking the officer. ``needs_chip`` has chips challenged, and refers cards whose chip was
    not authenticated; an answer counts for ``challenge_life``.
    ``selection_ppm`` of a million clear vehicles are inspected by chance, from the next period on.
    """

    lane: str
    lane_type: LaneType
    direction: Direction
    zone: ZoneInfo
    rows: tuple[ProgramRow, ...] = STARTING_ROWS
    age_limits: AgeLimits = AgeLimits()
    min_plate_confidence: float = 0.85
    needs_chip: bool = False
    challenge_life: timedelta = timedelta(milliseconds=500)
    selection_ppm: int = 0
    counter_grants_automatic: bool = False

    def row_for(self, program: str) -> ProgramRow | None:
        """Return the row for ``program`` at this lane's type and direction, if there is one."""
        for row in self.rows:
            if (row.program, row.lane_type, row.direction) == (
                program,
                self.lane_type,
                self.direction,
            ):
                return row
        return None
