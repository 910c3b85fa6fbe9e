"""One simulated lane on real sockets: reader, gate, camera, and the vehicles between them."""

import ssl
from dataclasses import dataclass

from services.lane_gateway.devices.io_map import WITH_COUNTER, WITHOUT_COUNTER, IOMap
from services.lane_gateway.simulator.camera import Camera
from services.lane_gateway.simulator.plc import Plc
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import SimulatedCard, Vehicle
from services.lane_gateway.simulator.world import World

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class LanePorts:
    """Where a lane's devices listen on the loopback; 0 takes a free port."""

    lane: str
    reader: int = 0
    gate: int = 0
    camera: int = 0
    has_counter: bool = False
    io_map: IOMap | None = None
    """How the gate is wired; without it as usual, with a counter where ``has_counter`` says so."""
    profile: Profile | None = None
    """What kind of reader it is."""
    tls: ssl.SSLContext | None = None
    """With it, the reader speaks TLS alone."""

    @property
    def wiring(self) -> IOMap:
        """Return how the gate is wired."""
        return self.io_map or (WITH_COUNTER if self.has_counter else WITHOUT_COUNTER)


class SimulatedLane:
    """A lane whose world moves with its gate; ``lock`` guards both."""

    def __init__(self, ports: LanePorts, truth: TruthLog) -> None:
        self.lane = ports.lane
        self.reader = ReaderSimulator(
            ports.profile, host=LOOPBACK, port=ports.reader, tls=ports.tls
        )
        self.plc = Plc(host=LOOPBACK, port=ports.gate, io_map=ports.wiring)
        self.camera = Camera(host=LOOPBACK, port=ports.camera)
        self.lock = self.plc.lock
        self.truth = truth
        self.world = World(
            ports.lane,
            barrier=self.plc.barrier,
            field=_ReaderField(self.reader),
            look=self._look,
            truth=truth,
        )
        self.plc.moved = self.world.advance

    def start(self) -> None:
        """Let all devices listen and time pass."""
        self.reader.start()
        self.camera.start()
        self.plc.start()

    def stop(self) -> None:
        """Switch all devices off."""
        self.plc.stop()
        self.camera.stop()
        self.reader.stop()

    def place(self, vehicle: Vehicle) -> Vehicle:
        """Let a vehicle come."""
        with self.lock:
            return self.world.place(vehicle)

    def overhear(self, other: "SimulatedLane") -> None:
        """Let this lane's antennas hear the cards of another lane, weaker than that lane does."""
        other.world.overhear.append(_ReaderField(self.reader))

    def _look(self, vehicle: Vehicle) -> None:
        read = self.camera.see(vehicle.plate, vehicle.region)
        self.truth.note(
            self.lane, "plate_read", vehicle=vehicle.number, right=read == vehicle.plate
        )


class _ReaderField:
    """The cards of the world as the reader's antennas see them."""

    def __init__(self, reader: ReaderSimulator) -> None:
        self._reader = reader

    def show(self, card: SimulatedCard, rssi: float) -> None:
        """Bring a card before the antenna, or move it there."""
        if self._reader.field.move(card.epc, rssi):
            return
        silent, tid = card.tid is None, card.tid or b""
        self._reader.field.place(
            Tag(epc=card.epc, tid=tid, rssi=rssi, silent_tid=silent, chip=card.chip)
        )

    def hide(self, card: SimulatedCard) -> None:
        """Take a card away."""
        self._reader.field.remove(card.epc)
