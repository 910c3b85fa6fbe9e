"""A traveler's vehicle, known by its plate in the lane and by its VIN everywhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from services.enrollment.domain.flaws import Flaw

OLDEST_YEAR = 1900
VIN_LENGTH = 17
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_VALUES = {**{str(digit): digit for digit in range(10)}, **_LETTERS}
_CHECK_PLACE = 8


def vin_check_digit(vin: str) -> str:
    """Return the check digit (0 to 9 or X) that 49 CFR 565.15(c) asks at the ninth place.

    Raise ``KeyError`` for a character that no VIN may have (I, O, Q among them).
    """
    total = sum(_VALUES[sign] * weight for sign, weight in zip(vin, _WEIGHTS, strict=True))
    remainder = total % 11
    return "X" if remainder == 10 else str(remainder)  # noqa: PLR2004 - X stands for ten


def vin_flaws(vin: str) -> Iterator[Flaw]:
    """Find why ``vin`` is no VIN of the North American market."""
    if len(vin) != VIN_LENGTH:
        yield Flaw(path="vin", code="vin_length", values={"length": VIN_LENGTH})
    elif any(sign not in _VALUES for sign in vin):
        yield Flaw(path="vin", code="vin_character")
    elif vin_check_digit(vin) != vin[_CHECK_PLACE]:
        yield Flaw(path="vin", code="vin_check_digit")


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """A vehicle; ``region`` is the plate's, as ISO 3166-2 (``US-CA``)."""

    plate: str = field(repr=False)
    region: str = field(repr=False)
    make: str
    model: str
    year: int
    colour: str
    vin: str = field(repr=False)

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find what is wrong with this vehicle alone."""
        for name in ("plate", "region", "make", "model", "colour"):
            if not getattr(self, name):
                yield Flaw(path=name, code="required")
        if not OLDEST_YEAR <= self.year <= today.year + 1:
            limits = {"first": OLDEST_YEAR, "last": today.year + 1}
            yield Flaw(path="year", code="out_of_range", values=limits)
        yield from vin_flaws(self.vin)


def fleet_flaws(vehicles: tuple[Vehicle, ...], *, limit: int) -> Iterator[Flaw]:
    """Find what is wrong with the vehicles together: too many, or one twice."""
    if len(vehicles) > limit:
        yield Flaw(path="vehicles", code="too_many_vehicles", values={"limit": limit})
    seen: set[str] = set()
    for place, vehicle in enumerate(vehicles):
        if vehicle.vin in seen:
            yield Flaw(path=f"vehicles.{place}.vin", code="vehicle_twice")
        seen.add(vehicle.vin)
