import pytest

from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Began,
    Completed,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.signals import SHUT, Lamp, Signal
from tests.unit.lane_gateway.builders import OFFICER, named
from tests.unit.lane_gateway.gate_bench import (
    SCAN,
    A,
    C,
    S,
    a_bench,
)
from tests.unit.lane_gateway.gate_positions import a_lowering_bench, an_open_bench


@pytest.mark.rule("R2")
def test_the_arm_comes_down_when_the_vehicle_has_passed_and_is_clear() -> None:
    bench = an_open_bench()
    bench.drive_through()
    bench.run(3.0)

    assert Began(passage_id=named("front")) in bench.actions
    assert Completed(passage_id=named("front")) in bench.actions
    assert bench.status() is GateStatus.DOWN
    assert bench.state.outputs == SHUT
    assert bench.alarms == []


@pytest.mark.rule("R3")
@pytest.mark.fault(32)
def test_the_arm_stays_up_over_a_vehicle_that_stops_under_it() -> None:
    bench = an_open_bench()
    bench.stand(S).run(60.0)

    assert bench.status() is GateStatus.UP
    assert bench.state.outputs.open


@pytest.mark.rule("R3")
@pytest.mark.fault(32)
def test_a_trailer_behind_a_short_gap_belongs_to_its_vehicle() -> None:
    bench = an_open_bench()
    bench.stand(S).run(1.0)
    bench.stand(S, C).run(0.5)
    bench.stand(C).run(0.4)
    bench.stand(S, C).run(1.0)
    bench.stand(C).run(0.5)
    bench.stand().run(3.0)

    assert bench.status() is GateStatus.DOWN
    assert bench.alarms == []
    assert bench.lowest_over_safety == 1.0


@pytest.mark.rule("R3")
@pytest.mark.parametrize("value", [Signal.ON, Signal.UNKNOWN])
def test_the_arm_reverses_when_something_comes_under_it_or_the_loop_is_unknown(
    value: Signal,
) -> None:
    bench = a_lowering_bench()
    bench.forced["safety"] = value
    bench.scan()

    assert bench.status() is GateStatus.RISING
    assert bench.state.outputs.open
    del bench.forced["safety"]
    bench.run(5.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R3")
@pytest.mark.fault(30)
def test_three_reversals_latch_a_fault_and_leave_the_arm_up() -> None:
    bench = a_lowering_bench()
    for _ in range(3):
        bench.stand(S).run(0.1)
        bench.stand().run(1.0)

    assert bench.status() is GateStatus.FAULTED
    assert "reversals" in bench.alarms
    bench.run(30.0)
    assert bench.state.outputs.open
    assert bench.lamp() is Lamp.RED

    bench.feed(AttendantReset(officer=OFFICER))
    bench.run(3.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R3")
@pytest.mark.fault(30)
def test_a_chattering_loop_never_brings_the_arm_down_on_a_vehicle() -> None:
    bench = an_open_bench()
    for turn in range(200):
        bench.stand(*([S] if turn % 2 else [])).run(SCAN)

    assert bench.state.outputs.open
    assert bench.position == 1.0


@pytest.mark.rule("R3")
@pytest.mark.fault(30)
def test_a_loop_stuck_on_keeps_the_arm_up() -> None:
    bench = an_open_bench()
    bench.forced["safety"] = Signal.ON
    bench.run(30.0)

    assert bench.state.outputs.open


@pytest.mark.rule("R4")
@pytest.mark.fault(33)
def test_a_tailgater_is_noticed_and_the_arm_is_not_slammed() -> None:
    bench = a_lowering_bench()
    bench.stand(S).run(1.5)

    assert bench.alarms == ["tailgate"]
    assert bench.status() is GateStatus.UP
    bench.stand(C).run(1.0)
    bench.stand().run(3.0)
    assert bench.status() is GateStatus.DOWN
    assert bench.lowest_over_safety > 0.2


@pytest.mark.rule("R4")
@pytest.mark.fault(33)
def test_a_second_vehicle_under_the_arm_is_noticed_while_the_first_is_behind_it() -> None:
    bench = an_open_bench()
    bench.stand(S).run(1.0)
    bench.stand(S, C).run(0.5)
    bench.stand(C).run(1.0)
    bench.stand(S, C).run(0.5)

    assert bench.alarms == ["tailgate"]


@pytest.mark.rule("R4")
@pytest.mark.fault(33)
def test_each_of_several_tailgaters_is_noticed() -> None:
    bench = a_lowering_bench()
    for _ in range(2):
        bench.stand(S).run(1.0)
        bench.stand(S, C).run(0.5)
        bench.stand(C).run(1.0)

    assert bench.alarms == ["tailgate"] * 2


def test_a_vehicle_under_an_arm_that_is_down_is_noticed() -> None:
    bench = a_bench()
    bench.stand(A, S).run(0.5)

    assert bench.alarms == ["unauthorised_passage"]
    assert not bench.opened


@pytest.mark.rule("R5")
def test_without_a_passage_the_authorisation_ends_after_fifteen_seconds() -> None:
    bench = an_open_bench()
    bench.run(14.0)
    assert bench.lamp() is Lamp.GREEN
    bench.run(3.0)

    assert bench.lapses == ["no_passage"]
    assert bench.lamp() is Lamp.RED
    bench.run(1.5)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R5")
@pytest.mark.fault(32)
def test_a_vehicle_that_backs_off_again_ends_its_authorisation() -> None:
    bench = an_open_bench()
    bench.stand(A, S).run(1.0)
    bench.stand(A).run(1.0)
    assert bench.lapses == []
    bench.stand().run(1.0)

    assert bench.lapses == ["not_at_gate"]
    bench.stand(A).run(3.0)
    assert bench.status() is GateStatus.DOWN, "the next vehicle has no part in it"


@pytest.mark.rule("R2")
@pytest.mark.fault(32)
def test_an_authorisation_ends_with_its_vehicle_and_not_with_the_next_one() -> None:
    bench = a_bench()
    bench.grant()
    bench.stand().run(3.0)
    assert bench.lapses == ["not_at_gate"]

    bench.stand(A, S).run(1.0)
    assert not [action for action in bench.actions if isinstance(action, Began)]


@pytest.mark.rule("R2")
@pytest.mark.fault(32)
@pytest.mark.parametrize("beyond", [False, True])
def test_a_vehicle_that_backs_off_from_behind_the_arm_has_not_passed(*, beyond: bool) -> None:
    bench = an_open_bench()
    for forth in ((A, S), (S,), (S, C)):
        bench.stand(*forth).run(0.5)
    if beyond:
        bench.stand(C).run(1.0)
    back: tuple[tuple[str, ...], ...] = ((S, C), (S,), (A, S), (A,), ())
    for loops in back:
        bench.stand(*loops).run(0.7)

    bench.run(1.0)
    assert not [action for action in bench.actions if isinstance(action, Completed)]
    assert bench.lapses == ["not_at_gate"]
