"""Devices of a simulated lane on a virtual clock, without sockets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.signals import Lamp, LaneInputs, LaneOutputs, Sign, Signal
from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.vehicle import SimulatedCard
from services.lane_gateway.use_cases.ports import (
    IOInfo,
    IOLost,
    ReaderEvent,
    ReaderHealth,
    ReaderInfo,
    ReaderLost,
)
from tests.unit.lane_gateway.builders import (
    NOW,
)

TURN = 0.01
SCAN_TURNS = 5
LOOK_TURNS = 100
START = 5000.0


class VirtualClock:
    """Both clocks of the host; they move only when told to."""

    def __init__(self) -> None:
        self.monotonic = START
        self.wall = NOW

    def advance(self, seconds: float) -> None:
        self.monotonic += seconds
        self.wall += timedelta(seconds=seconds)


@dataclass
class BarrierIO:
    """The port ``LaneIO`` straight to a simulated barrier; ``lost`` is a module that is away."""

    barrier: Barrier
    clock: VirtualClock
    has_counter: bool = False
    lost: bool = False
    beats: int = 0
    log: list[str] = field(default_factory=list)
    before_write: Callable[[], None] = lambda: None

    def open(self, _deadline: float) -> IOInfo:
        self._answer()
        coils = self.barrier.coils
        sign = Sign.SECONDARY if coils["secondary_sign"] else Sign.NONE
        found = LaneOutputs(
            open=coils["open"], lamp=Lamp.GREEN if coils["green"] else Lamp.RED, sign=sign
        )
        return IOInfo(
            watchdog=self.barrier.watchdog,
            outputs=found,
            zeroed=False,
            has_counter=self.has_counter,
        )

    def scan(self) -> LaneInputs:
        self._answer()
        known = LaneInputs.__dataclass_fields__
        values = {
            name: Signal.ON if on else Signal.OFF
            for name, on in self.barrier.inputs().items()
            if name in known
        }
        if self.barrier.faults.loop_fault:
            values |= dict.fromkeys(("arming", "safety", "closing"), Signal.UNKNOWN)
        counted = self.barrier.occupants if self.has_counter else None
        return LaneInputs(**values, occupants=counted, taken=self.clock.monotonic)

    def write(self, out: LaneOutputs, _ttl: float) -> None:
        self._answer()
        self.before_write()
        if out.open and not self.barrier.coils["open"]:
            self.log.append("open")
        self.barrier.coils = {
            "open": out.open,
            "green": out.lamp is Lamp.GREEN,
            "secondary_sign": out.sign is Sign.SECONDARY,
            "redirect_sign": out.sign is Sign.REDIRECT,
        }

    def heartbeat(self) -> None:
        self._answer()
        self.beats += 1
        self.barrier.set_beat(self.beats)

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self) -> None:
        if self.lost:
            raise IOLost("The module is away")


class NoReader:
    """The port ``TagReader`` with nobody at the other end; the bench hands reads over itself."""

    def open(self, _deadline: float) -> ReaderInfo:
        raise ReaderLost("There is no reader")

    def poll(self, _timeout: float) -> Sequence[TagRead | ReaderEvent]:
        return []

    def read_tid(self, _epc: bytes, _words: int, _timeout: float) -> bytes:
        raise ReaderLost("There is no reader")

    def set_gpo(self, port: int, high: bool) -> None:  # noqa: FBT001 - as the port has it
        """Nothing is connected."""

    def health(self) -> ReaderHealth:
        return ReaderHealth(live=False, last_byte_age=0.0)

    def fileno(self) -> int:
        return -1

    def pending(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


class NoCamera:
    """The port ``PlateReader`` with nobody at the other end."""

    def poll(self, _timeout: float) -> Sequence[PlateRead]:
        return []

    def fileno(self) -> int:
        return -1

    def pending(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


class CardsInField:
    """The cards before the antennas."""

    def __init__(self) -> None:
        self.cards: dict[bytes, tuple[SimulatedCard, float]] = {}

    def show(self, card: SimulatedCard, rssi: float) -> None:
        self.cards[card.epc] = (card, rssi)

    def hide(self, card: SimulatedCard) -> None:
        self.cards.pop(card.epc, None)
