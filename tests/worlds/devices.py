"""The devices of a random world: what the agent's own links and loop talk to."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.signals import (
    INPUT_NAMES,
    SHUT,
    Lamp,
    LaneInputs,
    LaneOutputs,
    Sign,
)
from services.lane_gateway.simulator.vehicle import SimulatedCard, Vehicle
from services.lane_gateway.use_cases.ports import (
    IOInfo,
    IOLost,
    ReaderEvent,
    ReaderHealth,
    ReaderInfo,
    ReaderLost,
)
from tests.unit.lane_gateway.agent_devices import BarrierIO, VirtualClock

READER, CAMERA, WAKE = 1, 2, 3
"""Descriptors of the world; nothing of the operating system stands behind them."""
REPORT_EVERY = 0.2
"""Seconds between two reports of a card that stays in the field."""


class Killed(BaseException):
    """The agent's process was killed in the middle of what it did."""


@dataclass
class WorldWake:
    """The port ``Wake``: the loop's mailbox."""

    poked: bool = False

    def fileno(self) -> int:
        return WAKE

    def drain(self) -> bool:
        was, self.poked = self.poked, False
        return was

    def poke(self) -> None:
        self.poked = True


@dataclass
class WorldReader:
    """The port ``TagReader`` and the world's ``CardField``: reads what is in the field.

    ``on`` is false while the reader is away. ``replay`` puts old reads into its memory, which it
    sends as such when a session is open.
    """

    clock: VirtualClock
    on: bool = True
    cards: dict[bytes, tuple[SimulatedCard, float]] = field(default_factory=dict)
    replays: list[SimulatedCard] = field(default_factory=list)
    away_at: float = float("-inf")
    """When it was tried last, and was away."""
    told: int = 0
    """Replayed reads that the agent was given."""
    _due: dict[bytes, float] = field(default_factory=dict)

    def show(self, card: SimulatedCard, rssi: float) -> None:
        self.cards[card.epc] = (card, rssi)

    def hide(self, card: SimulatedCard) -> None:
        self.cards.pop(card.epc, None)
        self._due.pop(card.epc, None)

    def open(self, _deadline: float) -> ReaderInfo:
        self._answer()
        return ReaderInfo(
            vendor=25882,
            model=1,
            firmware="world",
            antennas=1,
            protocol_version=1,
            has_utc_clock=True,
            rospec_id=1,
        )

    def poll(self, _timeout: float) -> Sequence[TagRead | ReaderEvent]:
        self._answer()
        now = self.clock.monotonic
        reads = [self._read(card, replay=True) for card in self.replays]
        self.told += len(reads)
        self.replays.clear()
        for epc, (card, _) in self.cards.items():
            if self._due.get(epc, 0.0) <= now:
                self._due[epc] = now + REPORT_EVERY
                reads.append(self._read(card, replay=False))
        return reads

    def ready(self) -> bool:
        now = self.clock.monotonic
        due = any(self._due.get(epc, 0.0) <= now for epc in self.cards)
        return not self.on or bool(self.replays) or due

    def read_tid(self, _epc: bytes, _words: int, _timeout: float) -> bytes:
        raise ReaderLost("No chip is asked in this world")

    def set_gpo(self, port: int, high: bool) -> None:  # noqa: FBT001 - as the port has it
        """Nothing is connected."""

    def health(self) -> ReaderHealth:
        return ReaderHealth(live=self.on, last_byte_age=0.0)

    def fileno(self) -> int:
        return READER

    def pending(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self) -> None:
        if not self.on:
            self.away_at = self.clock.monotonic
            raise ReaderLost("The reader is away")

    def _read(self, card: SimulatedCard, *, replay: bool) -> TagRead:
        return TagRead(
            epc=card.epc,
            tid=card.tid,
            antenna=1,
            rssi=-50.0,
            first_seen=self.clock.wall,
            arrived=self.clock.monotonic,
            rospec_id=1,
            replay=replay,
        )


@dataclass
class WorldCamera:
    """The port ``PlateReader``: reads each plate once; ``on`` is false while it is away."""

    clock: VirtualClock
    on: bool = True
    plates: list[PlateRead] = field(default_factory=list)

    def look(self, vehicle: Vehicle) -> None:
        if self.on:
            self.plates.append(
                PlateRead(
                    plate=vehicle.plate,
                    region=vehicle.region,
                    confidence=0.96,
                    taken_at=self.clock.wall,
                    arrived=self.clock.monotonic,
                )
            )

    def poll(self, _timeout: float) -> Sequence[PlateRead]:
        taken, self.plates = (self.plates, []) if self.on else ([], self.plates)
        return taken

    def ready(self) -> bool:
        return bool(self.plates)

    def fileno(self) -> int:
        return CAMERA if self.on else -1

    def pending(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


Seen = tuple[str, ...]
"""The values of all inputs, in the order of ``INPUT_NAMES``."""


@dataclass
class WorldIO(BarrierIO):
    """The module as the driver shows it: verified coils, zeroed at the first opening.

    ``opening`` is asked before the arm's coil goes on. ``trip`` kills the agent at its next call.
    ``scanned`` are the inputs that the agent was given and ``written`` the outputs that it set, run
    by run, without those that are like the ones before.
    """

    opening: Callable[[], None] = lambda: None
    trip: str = ""
    scanned: list[list[Seen]] = field(default_factory=list)
    written: list[list[LaneOutputs]] = field(default_factory=list)
    in_doubt: bool = True
    _all_new: bool = True

    def open(self, deadline: float) -> IOInfo:
        self._gap()
        info = super().open(deadline)
        found = self.coils()
        inputs = super().scan()
        zeroed = self.in_doubt and not (inputs.safety != "off" and inputs.arm_down != "on")
        if zeroed:
            super().write(SHUT, 0.0)
        self.in_doubt = self.in_doubt and not zeroed
        return IOInfo(
            watchdog=info.watchdog,
            outputs=SHUT if zeroed else found,
            zeroed=zeroed,
            has_counter=info.has_counter,
        )

    def scan(self) -> LaneInputs:
        self._fall("scan")
        try:
            inputs = super().scan()
        except IOLost:
            self._gap()
            raise
        seen = tuple(str(getattr(inputs, name)) for name in INPUT_NAMES)
        if self._all_new or self.scanned[-1][-1] != seen:
            self._all_new = False
            self.scanned[-1].append(seen)
        return inputs

    def write(self, out: LaneOutputs, ttl: float) -> None:
        self._fall("before_write")
        if out.open and not self.barrier.coils["open"] and not self.lost:
            self.opening()
        before = self.coils()
        try:
            super().write(out, ttl)
        except IOLost:
            self._gap()
            raise
        written = self.written[-1]
        if out != before or (written and written[-1] != out):
            self.written[-1].append(out)
        self._fall("after_write")

    def heartbeat(self) -> None:
        try:
            super().heartbeat()
        except IOLost:
            self._gap()
            raise

    def coils(self) -> LaneOutputs:
        """Return what the coils stand for."""
        on = self.barrier.coils
        sign = Sign.SECONDARY if on["secondary_sign"] else Sign.NONE
        return LaneOutputs(
            open=on["open"],
            lamp=Lamp.GREEN if on["green"] else Lamp.RED,
            sign=Sign.REDIRECT if on["redirect_sign"] else sign,
        )

    def restart(self) -> None:
        """Begin with an agent that knows nothing of the one before."""
        self.in_doubt, self.trip = True, ""
        self._gap()
        self.scanned.append([])
        self.written.append([])

    def forget_run(self) -> None:
        """Take back a run that never began."""
        self.scanned.pop()
        self.written.pop()

    def _gap(self) -> None:
        self._all_new = True

    def _fall(self, where: str) -> None:
        if self.trip == where:
            self.trip = ""
            raise Killed


def number_of(seed: int, name: str) -> bytes:
    """Return a card's or chip's number that no other one of any world has."""
    return hashlib.sha256(f"{seed} {name}".encode()).digest()[:12]
