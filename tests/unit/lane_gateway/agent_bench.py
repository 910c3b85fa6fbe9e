"""A whole lane without sockets and on a clock of its own: world, gate, agent and stores."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.lane_gateway.agent.assembly import AgentParts, assemble
from services.lane_gateway.agent.chip_check import ChipParts
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LivePassage, LiveState
from services.lane_gateway.domain.passage import Passage
from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import SimulatedCard, Vehicle
from services.lane_gateway.simulator.world import World
from shared.ids import new_id
from tests.unit.lane_gateway.agent_devices import (
    BarrierIO,
    CardsInField,
    NoCamera,
    NoReader,
    VirtualClock,
)
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


class LaneBench:
    """One lane from vehicle to record; ``run`` lets time pass."""

    chips: ChipParts | None = None

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
                chips=self.chips,
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
