"""A whole lane without sockets and on a clock of its own: world, gate, agent and stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.lane_gateway.agent.assembly import AgentParts, assemble
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LivePassage, LiveState
from services.lane_gateway.domain.passage import Passage
from services.lane_gateway.domain.signals import Lamp, LaneInputs, LaneOutputs, Sign, Signal
from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import SimulatedCard, Vehicle
from services.lane_gateway.simulator.world import World
from services.lane_gateway.use_cases.ports import (
    IOInfo,
    IOLost,
    ReaderEvent,
    ReaderHealth,
    ReaderInfo,
    ReaderLost,
)
from shared.ids import new_id
from tests.unit.lane_gateway.builders import (
    LANE,
    NOW,
    PLATE,
    REGION,
    a_lane,
    a_record,
    epc_of,
    tid_of,
)
from tests.unit.lane_gateway.lane_stores import (
    CardsInMemory,
    DeskInMemory,
    LiveInMemory,
    RecordInMemory,
    a_head,
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


class LaneBench:
    """One lane from vehicle to record; ``run`` lets time pass."""

    def __init__(self, *, mode: LaneMode = LaneMode.ATTENDED, has_counter: bool = False) -> None:
        self.clock = VirtualClock()
        self.barrier = Barrier(interlock=False)
        self.field = CardsInField()
        self.truth = TruthLog(now=lambda: self.clock.wall)
        self.world = World(
            LANE,
            barrier=self.barrier,
            field=self.field,
            look=self._look,
            truth=self.truth,
        )
        self.io = BarrierIO(self.barrier, self.clock, has_counter=has_counter)
        self.record = RecordInMemory()
        self.cards = CardsInMemory(head=a_head(NOW, START))
        self.desk = DeskInMemory()
        policy = a_lane(counter_grants_automatic=mode is LaneMode.AUTOMATIC)
        self.desk.set(mode=mode, policy=policy)
        self.live = LiveInMemory()
        self.plates: list[PlateRead] = []
        self.reader_on = True
        self.camera_on = True
        self.turns = 0
        self.boot = "one"
        self.heads_come = True
        self.start()

    def start(self) -> None:
        """Start the agent, for the first time or once more."""
        self.controller = assemble(
            AgentParts(
                lane=LANE,
                boot=self.boot,
                reader=NoReader(),
                camera=NoCamera(),
                io=self.io,
                record=self.record,
                cards=self.cards,
                desk=self.desk,
                live=self.live,
                wall=lambda: self.clock.wall,
                monotonic=lambda: self.clock.monotonic,
                new_id=new_id,
            )
        )

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TURN)):
            self.turn()

    def until(self, condition: Callable[[], bool], *, within: float = 60.0) -> None:
        """Let time pass until something is true, and not for ever."""
        last = self.clock.monotonic + within
        while not condition():
            assert self.clock.monotonic < last, "it did not happen in time"
            self.turn()

    def turn(self) -> None:
        self.turns += 1
        self.clock.advance(TURN)
        self.barrier.advance(TURN)
        self.world.advance(TURN)
        controller = self.controller
        if self.turns % SCAN_TURNS == 0:
            controller.reader_changed(live=self.reader_on, why="reader_lost")
            if self.reader_on:
                controller.reads(self.reads())
            controller.plates(self.plates)
            self.plates.clear()
            controller.scan()
        if self.turns % LOOK_TURNS == 0:
            self.fresh_head()
            controller.look_at_stores()
        controller.finish_turn()
        if controller.changed:
            self.live.publish(controller.picture())

    def reads(self) -> list[TagRead]:
        return [
            TagRead(
                epc=card.epc,
                tid=card.tid,
                antenna=1,
                rssi=rssi,
                first_seen=self.clock.wall,
                arrived=self.clock.monotonic,
                rospec_id=1,
            )
            for card, rssi in list(self.field.cards.values())
        ]

    def fresh_head(self) -> None:
        if self.heads_come:
            self.cards.head = a_head(self.clock.wall, self.clock.monotonic)

    def member(self, *names: str, **changes: Any) -> None:
        """Put cards on the list."""
        self.cards.put(*(a_record(name, **changes) for name in names))

    def car(self, *names: str, **values: Any) -> Vehicle:
        """Let a car with the cards of these people come."""
        defaults: dict[str, Any] = {
            "number": 0,
            "cards": tuple(SimulatedCard(epc=epc_of(name), tid=tid_of(name)) for name in names),
            "plate": PLATE,
            "region": REGION,
            "occupants": max(1, len(names)),
        }
        return self.world.place(Vehicle(**defaults | values))

    def say(self, kind: CommandKind, **values: Any) -> None:
        """Give an officer's command concerning the vehicle at the arm, and wake the agent."""
        front = self.controller.tracker.front or self.controller.tracker.coming
        defaults: dict[str, Any] = {
            "at": self.clock.wall,
            "passage_id": front.id if front else None,
        }
        self.desk.say(kind, **defaults | values)
        self.controller.look_at_stores()
        self.controller.finish_turn()

    def admit(self, counted: int = 1, **values: Any) -> None:
        self.say(CommandKind.ADMIT, counted=counted, **values)

    def arrive(self, *names: str, seconds: float = 8.5, **values: Any) -> Vehicle:
        """Let members come to the gate in one car."""
        self.member(*names)
        car = self.car(*names, **values)
        self.run(seconds)
        return car

    @property
    def front(self) -> Passage:
        passage = self.controller.tracker.front
        assert passage is not None
        return passage

    def picture(self) -> LiveState:
        return self.controller.picture()

    def shown(self) -> LivePassage:
        shown = self.picture().front
        assert shown is not None
        return shown

    def status(self) -> GateStatus:
        return self.controller.gate.state.status

    def refused(self) -> str | None:
        return self.controller.officers.refused

    def what(self) -> list[str]:
        """Return what happened to vehicles, without their cards and plates being seen."""
        said = [str(line["what"]) for line in self.truth.after(0)]
        return [what for what in said if what not in {"card_in_field", "plate_read"}]

    def times_opened(self) -> int:
        return self.io.log.count("open")

    def _look(self, vehicle: Vehicle) -> None:
        if self.camera_on:
            self.plates.append(
                PlateRead(
                    plate=vehicle.plate,
                    region=vehicle.region,
                    confidence=0.96,
                    taken_at=self.clock.wall,
                    arrived=self.clock.monotonic,
                )
            )


def stepped(clock: VirtualClock, hours: float) -> datetime:
    """Step the host's wall clock, as somebody with a wrong watch does."""
    clock.wall += timedelta(hours=hours)
    return clock.wall
