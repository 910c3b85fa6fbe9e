"""One simulated vehicle: how long it is, what it carries, and where its driver wants to go."""

from dataclasses import dataclass, field
from enum import StrEnum

from services.lane_gateway.simulator.reader_chip import SimulatedChip


class Driver(StrEnum):
    """What the driver does."""

    OBEY = "obey"
    """Drives to the stop line, waits for the light or the sign, and passes."""
    WAIT = "wait"
    """Drives to the stop line and stays there, whatever the light shows."""
    STOP = "stop"
    """Stays where the vehicle is."""
    THROUGH = "through"
    """Drives on, whatever the light shows; an arm that is down still stops the vehicle."""
    BACK = "back"
    """Backs out of the lane."""


@dataclass(frozen=True, kw_only=True)
class SimulatedCard:
    """A card in a vehicle; without a ``tid`` its chip never tells its own number.

    One with a ``chip`` can be challenged.
    """

    epc: bytes = field(repr=False)
    tid: bytes | None = field(default=None, repr=False)
    chip: SimulatedChip | None = None


@dataclass(kw_only=True)
class Vehicle:
    """A vehicle on the lane; ``front`` is where its bumper is, in metres from the arm.

    ``parts`` are the stretches of metal that loops notice, in metres behind the bumper: one for a
    car, two with a gap between them for a car with a trailer.
    """

    number: int
    cards: tuple[SimulatedCard, ...] = field(default=(), repr=False)
    plate: str = field(default="", repr=False)
    region: str = ""
    occupants: int = 1
    parts: tuple[tuple[float, float], ...] = ((0.0, 4.5),)
    speed: float = 2.0
    driver: Driver = Driver.OBEY
    front: float = -15.0
    plate_seen: bool = False
    committed: bool = False
    """The driver has set off through the gate and will not stop before it."""
    headway: float = 1.5
    """Metres that the driver keeps behind the vehicle before; a tailgater keeps less."""
    beside: int | None = None
    """The number of the vehicle whose side this one, a motorcycle, keeps to until that is gone."""

    @property
    def length(self) -> float:
        """Return how long the vehicle is, trailer included."""
        return max(end for _, end in self.parts)

    @property
    def rear(self) -> float:
        """Return where the vehicle ends."""
        return self.front - self.length

    def covers(self, start: float, end: float) -> bool:
        """Tell whether some metal of the vehicle is over the stretch from ``start`` to ``end``."""
        return any(self.front - far < end and self.front - near > start for near, far in self.parts)
