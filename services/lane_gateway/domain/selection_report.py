"""What a port's supervisor sees of the draws by chance: rates, who went uninspected, and yield."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.binomial import bounds


class Outcome(StrEnum):
    """What became of a selected vehicle."""

    OPEN = "open"
    SECONDARY = "secondary"
    AFTER_CHECKS = "after_checks"
    REDIRECT = "redirect"
    TURNED_BACK = "turned_back"
    OTHERWISE = "otherwise"
    """The arm was opened by hand, or nobody saw where it went."""


UNINSPECTED = frozenset(set(Outcome) - {Outcome.OPEN, Outcome.SECONDARY})


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedVehicle:
    """A vehicle that a draw selected; ``reason_given`` where an officer wrote why it went."""

    passage_id: UUID
    lane: str
    period: str
    number: int
    outcome: Outcome
    officer: str | None
    reason_given: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodRow:
    """One day of one lane: how many were drawn and selected, and what the rate explains."""

    lane: str
    period: str
    ppm: int
    commitment: str
    told: bool
    draws: int
    selected: int
    vehicles: Sequence[SelectedVehicle]

    @property
    def low(self) -> int:
        """Return the lowest number of selected vehicles that the rate explains."""
        return bounds(self.draws, self.ppm)[0]

    @property
    def high(self) -> int:
        """Return the highest number of selected vehicles that the rate explains."""
        return bounds(self.draws, self.ppm)[1]

    @property
    def within(self) -> bool:
        """Tell whether the number of selected vehicles is one that the rate explains."""
        return self.low <= self.selected <= self.high

    @property
    def inspected(self) -> int:
        """Return how many selected vehicles were sent to secondary."""
        return sum(each.outcome is Outcome.SECONDARY for each in self.vehicles)

    @property
    def skipped(self) -> int:
        """Return how many selected vehicles went uninspected."""
        return sum(each.outcome in UNINSPECTED for each in self.vehicles)


@dataclass(frozen=True, kw_only=True, slots=True)
class YieldRow:
    """Vehicles inspected after a draw, or for any other reason, and those with a violation."""

    by_chance: bool
    inspected: int
    violations: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionReport:
    """The report of some days; newest day first, then by lane."""

    periods: Sequence[PeriodRow]
    yields: Sequence[YieldRow]

    @property
    def skipped(self) -> Sequence[SelectedVehicle]:
        """Return the selected vehicles that went uninspected, newest first."""
        gone = (
            vehicle
            for row in self.periods
            for vehicle in row.vehicles
            if vehicle.outcome in UNINSPECTED
        )
        return sorted(gone, key=lambda vehicle: vehicle.at, reverse=True)
