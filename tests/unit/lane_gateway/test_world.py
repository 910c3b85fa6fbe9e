from typing import Any

import pytest

from services.lane_gateway.simulator.barrier import STROKE, Barrier
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard, Vehicle
from services.lane_gateway.simulator.world import STOP_LINE, World
from tests.unit.lane_gateway.builders import epc_of, tid_of

TURN = 0.01


class FieldOfCards:
    def __init__(self) -> None:
        self.cards: dict[bytes, float] = {}

    def show(self, card: SimulatedCard, rssi: float) -> None:
        self.cards[card.epc] = rssi

    def hide(self, card: SimulatedCard) -> None:
        self.cards.pop(card.epc, None)


class Stage:
    """A world without a clock."""

    def __init__(self) -> None:
        self.barrier = Barrier()
        self.field = FieldOfCards()
        self.looked: list[int] = []
        self.truth = TruthLog()
        self.world = World(
            "l1",
            barrier=self.barrier,
            field=self.field,
            look=lambda vehicle: self.looked.append(vehicle.number),
            truth=self.truth,
        )

    def car(self, **values: Any) -> Vehicle:
        card = SimulatedCard(epc=epc_of("ana"), tid=tid_of("ana"))
        defaults: dict[str, Any] = {"number": 0, "cards": (card,), "plate": "7ABC123"}
        return self.world.place(Vehicle(**defaults | values))

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TURN)):
            self.barrier.advance(TURN)
            self.barrier.since_beat = 0.0
            self.world.advance(TURN)

    def what(self) -> list[str]:
        said = [str(line["what"]) for line in self.truth.after(0)]
        return [what for what in said if what != "card_in_field"]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_car_is_seen_on_its_way_and_stops_at_the_line(stage: Stage) -> None:
    car = stage.car()
    stage.run(5.0)
    assert stage.field.cards
    assert stage.looked == [car.number]

    stage.run(10.0)
    assert car.front == STOP_LINE
    assert stage.barrier.loops == {"arming": True, "safety": False, "closing": False}


def test_a_car_passes_the_loops_one_after_the_other_when_told_to(stage: Stage) -> None:
    stage.car()
    stage.run(10.0)
    stage.barrier.coils["open"] = True
    stage.run(STROKE + TURN)
    assert stage.barrier.inputs()["arm_up"]
    stage.barrier.coils["green"] = True
    seen = set()
    for _ in range(1000):
        stage.run(TURN)
        seen.add(tuple(sorted(name for name, on in stage.barrier.loops.items() if on)))

    assert {("arming", "safety"), ("closing", "safety"), ("closing",), ()} <= seen
    assert stage.what() == ["placed", "at_gate", "under_arm", "passed"]
    assert not stage.field.cards
    assert not stage.world.vehicles


def test_a_red_light_holds_a_car_even_under_an_arm_that_is_up(stage: Stage) -> None:
    car = stage.car()
    stage.barrier.coils["open"] = True
    stage.run(20.0)

    assert car.front == STOP_LINE


def test_a_driver_who_ignores_the_light_still_stops_before_the_arm(stage: Stage) -> None:
    car = stage.car(driver=Driver.THROUGH)
    stage.run(20.0)

    assert STOP_LINE < car.front < 0
    assert not stage.barrier.loops["safety"]


def test_cars_keep_their_distance(stage: Stage) -> None:
    first, second = stage.car(), stage.car(front=-22.0)
    stage.run(20.0)

    assert second.front == pytest.approx(first.rear - 1.5)


def test_a_car_that_backs_out_leaves_no_trace(stage: Stage) -> None:
    car = stage.car()
    stage.run(10.0)
    car.driver = Driver.BACK
    stage.run(20.0)

    assert stage.what()[-1] == "turned_back"
    assert not stage.barrier.loops["arming"]
    assert not stage.field.cards


def test_the_interlock_holds_the_arm_off_a_car_and_without_it_the_truth_says_so(
    stage: Stage,
) -> None:
    stage.car()
    stage.run(10.0)
    stage.barrier.coils.update(open=True, green=True)
    stage.run(STROKE + 2.0)
    stage.barrier.coils["open"] = False
    stage.run(0.5)
    assert "arm_on_vehicle" not in stage.what()

    stage.barrier.interlock = False
    stage.run(0.5)
    assert "arm_on_vehicle" in stage.what()


def test_the_counter_counts_who_sits_in_the_car_at_the_arm(stage: Stage) -> None:
    stage.car(occupants=3)
    assert stage.barrier.occupants == 0
    stage.run(10.0)
    assert stage.barrier.occupants == 3


def test_the_watchdog_lets_go_of_the_coils() -> None:
    barrier = Barrier(watchdog=1.0)
    barrier.coils["open"] = True
    barrier.advance(1.0)
    assert barrier.coils["open"]
    barrier.advance(0.01)
    assert not barrier.coils["open"]
    assert barrier.inputs()["red_proof"]


def test_a_heartbeat_that_does_not_change_is_no_sign_of_life() -> None:
    barrier = Barrier(watchdog=1.0)
    barrier.coils["open"] = True
    for _ in range(3):
        barrier.set_beat(1)
        barrier.advance(0.5)

    assert barrier.dropped == 1
