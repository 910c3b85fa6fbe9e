"""A gate on a test bench: the pure rules, an arm that takes 1.2 s, and a clock of its own."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.authorisation import Authorisation, AuthorisationKind
from services.lane_gateway.domain.gate import step
from services.lane_gateway.domain.gate_events import (
    Alarmed,
    Commit,
    Committed,
    Drive,
    FrontChanged,
    GateAction,
    GateEvent,
    Granted,
    IORestored,
    Lapsed,
    ModeSet,
    OverrideAsked,
    ReaderChanged,
    Scanned,
    SignedOn,
)
from services.lane_gateway.domain.gate_model import GateState, GateStatus, Override
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.signals import SHUT, Lamp, LaneInputs, Signal
from tests.unit.lane_gateway.builders import LANE, OFFICER, named

SCAN = 0.05
STROKE = 1.2
FRONT = named("front")
A, S, C = "arming", "safety", "closing"


def signal(*, on: bool) -> Signal:
    return Signal.ON if on else Signal.OFF


@dataclass
class Bench:
    """Feeds a gate with scans every 50 ms; ``loops`` are those that something stands on."""

    state: GateState = field(default_factory=lambda: GateState(lane=LANE))
    now: float = 1000.0
    position: float = 0.0
    loops: set[str] = field(default_factory=set)
    forced: dict[str, Any] = field(default_factory=dict)
    occupants: int | None = None
    actions: list[GateAction] = field(default_factory=list)
    commits: bool = True
    lowest_over_safety: float = 1.0
    """How far the arm was down, at worst, while something stood on S."""

    def feed(self, event: GateEvent) -> list[GateAction]:
        self.state, actions = step(self.state, event, self.now)
        self.actions += actions
        done = list(actions)
        if self.commits and any(isinstance(action, Commit) for action in actions):
            done += self.feed(Committed())
        return done

    def inputs(self) -> LaneInputs:
        green = self.state.outputs.lamp is Lamp.GREEN
        values = LaneInputs(
            arming=signal(on=A in self.loops),
            safety=signal(on=S in self.loops),
            closing=signal(on=C in self.loops),
            arm_up=signal(on=self.position >= 1),
            arm_down=signal(on=self.position <= 0),
            red_proof=signal(on=not green),
            green_proof=signal(on=green),
            key_switch=Signal.OFF,
            emergency=Signal.OFF,
            reset=Signal.OFF,
            occupants=self.occupants,
            taken=self.now,
        )
        return replace(values, **self.forced)

    def scan(self) -> list[GateAction]:
        return self.feed(Scanned(inputs=self.inputs()))

    def run(self, seconds: float) -> list[GateAction]:
        done: list[GateAction] = []
        for _ in range(round(seconds / SCAN)):
            self.now += SCAN
            way = SCAN / STROKE if self.state.outputs.open else -SCAN / STROKE
            self.position = min(1.0, max(0.0, self.position + way))
            if S in self.loops:
                self.lowest_over_safety = min(self.lowest_over_safety, self.position)
            done += self.scan()
        return done

    def stand(self, *loops: str) -> "Bench":
        self.loops = set(loops)
        return self

    def override(self, seconds: float = 5.0, officer: str | None = OFFICER) -> list[GateAction]:
        return self.feed(
            OverrideAsked(
                override=Override(
                    id=named("override"),
                    officer=officer,
                    reason="ambulance",
                    expires=self.now + seconds,
                )
            )
        )

    def grant(self, **changes: Any) -> list[GateAction]:
        return self.feed(Granted(authorisation=self.an_authorisation(**changes)))

    def an_authorisation(self, **changes: Any) -> Authorisation:
        values: dict[str, Any] = {
            "id": named("authorisation"),
            "lane": LANE,
            "passage_id": FRONT,
            "kind": AuthorisationKind.CLEAR,
            "verdict": Verdict.CLEAR,
            "officer": OFFICER,
            "counted": 1,
            "cards_counted": 1,
            "granted": self.now,
            "open_by": self.now + 3.0,
        }
        return Authorisation(**values | changes)

    def drive_through(self) -> None:
        """Let the vehicle at the arm pass over S and C, and away."""
        for loops in ((A, S), (S,), (S, C), (C,), ()):
            self.stand(*loops).run(0.5)

    def lamp(self) -> Lamp:
        return self.state.outputs.lamp

    def status(self) -> GateStatus:
        return self.state.status

    @property
    def drives(self) -> list[Drive]:
        return [action for action in self.actions if isinstance(action, Drive)]

    @property
    def opened(self) -> bool:
        return any(drive.outputs.open for drive in self.drives)

    @property
    def alarms(self) -> list[str]:
        return [str(action.code) for action in self.actions if isinstance(action, Alarmed)]

    @property
    def lapses(self) -> list[str]:
        return [str(action.why) for action in self.actions if isinstance(action, Lapsed)]


def a_started_bench(**state: Any) -> Bench:
    """Return a gate whose module answered and whose lane was found empty with the arm down."""
    bench = Bench(state=GateState(lane=LANE)._replace(**state))
    bench.feed(IORestored(outputs=SHUT, zeroed=True, watchdog=1.0, has_counter=False))
    bench.feed(ReaderChanged(live=True))
    bench.feed(ModeSet(mode=LaneMode.ATTENDED))
    bench.feed(SignedOn(officer=OFFICER))
    bench.run(0.2)
    return bench


def a_bench(front: UUID | None = FRONT) -> Bench:
    """Return a gate in service with a vehicle standing on loop A."""
    bench = a_started_bench()
    bench.stand(A).run(0.1)
    bench.feed(FrontChanged(passage_id=front))
    bench.actions.clear()
    return bench


def an_automatic_bench(occupants: int | None = 1) -> Bench:
    bench = a_bench()
    bench.feed(IORestored(outputs=SHUT, zeroed=True, watchdog=1.0, has_counter=True))
    bench.feed(ModeSet(mode=LaneMode.AUTOMATIC))
    bench.feed(SignedOn(officer=None))
    bench.occupants = occupants
    bench.run(0.1)
    bench.actions.clear()
    return bench
