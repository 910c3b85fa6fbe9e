import pytest

from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Completed,
    IOFailed,
    IORestored,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.signals import SHUT, Lamp, LaneOutputs, Signal
from tests.unit.lane_gateway.builders import OFFICER, named
from tests.unit.lane_gateway.gate_bench import (
    A,
    Bench,
    C,
    S,
    a_bench,
    a_started_bench,
)
from tests.unit.lane_gateway.gate_positions import a_lowering_bench, an_open_bench


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("forced", "fault"),
    [
        ({"arm_up": Signal.OFF}, "arm_not_up"),
        ({"arm_up": Signal.ON, "arm_down": Signal.ON}, "limits_conflict"),
        ({"arm_up": Signal.OFF, "arm_down": Signal.OFF}, "arm_not_up"),
    ],
)
def test_an_arm_that_never_reaches_its_limit_latches_a_fault(
    forced: dict[str, Signal], fault: str
) -> None:
    bench = a_bench()
    bench.grant()
    bench.forced.update(forced)
    bench.run(6.0)

    assert bench.status() is GateStatus.FAULTED
    assert bench.alarms == [fault]
    assert bench.lapses == [fault]


@pytest.mark.fault(31)
def test_an_arm_that_does_not_come_down_latches_a_fault() -> None:
    bench = a_lowering_bench()
    bench.forced["arm_down"] = Signal.OFF
    bench.run(6.0)

    assert bench.status() is GateStatus.FAULTED
    assert bench.alarms == ["arm_not_down"]


@pytest.mark.fault(34)
def test_an_arm_that_was_hit_latches_a_fault_and_is_not_raised() -> None:
    bench = a_bench()
    bench.forced["arm_down"] = Signal.OFF
    bench.run(1.0)
    bench.stand(A, S).run(1.0)

    assert bench.status() is GateStatus.FAULTED
    assert bench.alarms == ["arm_moved"]
    assert not bench.opened


@pytest.mark.rule("R6")
@pytest.mark.fault(34)
@pytest.mark.parametrize(
    ("forced", "fault"),
    [
        ({"red_proof": Signal.OFF}, "lamp_proof"),
        ({"red_proof": Signal.UNKNOWN}, "lamp_proof"),
        ({"green_proof": Signal.ON}, "lamps_together"),
    ],
)
def test_a_light_that_cannot_be_proved_takes_the_lane_out_of_service(
    forced: dict[str, Signal], fault: str
) -> None:
    bench = a_bench()
    bench.forced.update(forced)
    bench.run(2.0)

    assert bench.status() is GateStatus.FAULTED
    assert bench.alarms == [fault]
    assert bench.state.health().value == "out_of_service"


@pytest.mark.rule("R6")
@pytest.mark.rule("R8")
def test_a_light_that_fails_during_a_passage_stops_the_lane_after_it() -> None:
    bench = an_open_bench()
    bench.stand(S).run(1.0)
    bench.forced["red_proof"] = Signal.OFF
    bench.run(2.0)
    assert bench.status() is GateStatus.UP
    bench.stand(C).run(0.5)
    bench.stand().run(3.0)

    assert bench.status() is GateStatus.FAULTED
    assert Completed(passage_id=named("front")) in bench.actions


@pytest.mark.rule("R8")
@pytest.mark.fault(25)
def test_a_short_silence_of_the_module_does_not_interrupt_a_passage() -> None:
    bench = an_open_bench()
    bench.stand(S).run(0.5)
    left = bench.state.outputs
    bench.feed(IOFailed())
    bench.now += 0.5
    bench.feed(IORestored(outputs=left, zeroed=False, watchdog=1.0, has_counter=False))
    bench.run(0.5)

    assert bench.status() is GateStatus.UP
    bench.drive_through()
    bench.run(3.0)
    assert Completed(passage_id=named("front")) in bench.actions


@pytest.mark.rule("R8")
@pytest.mark.fault(28)
def test_after_a_restart_of_the_module_everything_is_verified_anew() -> None:
    bench = an_open_bench()
    bench.feed(IOFailed())
    bench.now += 3.0
    bench.position = 0.0
    bench.feed(IORestored(outputs=SHUT, zeroed=False, watchdog=1.0, has_counter=False))

    assert bench.lapses == ["io_lost"]
    assert bench.status() is GateStatus.UNKNOWN
    bench.run(0.2)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R3")
@pytest.mark.fault(25)
def test_after_a_silence_the_arm_is_held_off_a_vehicle_under_it() -> None:
    bench = an_open_bench()
    bench.stand(S).run(0.5)
    bench.feed(IOFailed())
    bench.now += 3.0
    bench.position = 0.6
    bench.feed(IORestored(outputs=SHUT, zeroed=False, watchdog=1.0, has_counter=False))
    bench.run(3.0)

    assert bench.state.outputs.open
    bench.stand(C).run(1.0)
    bench.stand().run(3.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R11")
def test_a_restarted_gate_with_the_arm_down_and_an_empty_lane_is_in_service() -> None:
    bench = a_started_bench()

    assert bench.status() is GateStatus.DOWN
    assert bench.state.outputs == SHUT


@pytest.mark.rule("R11")
@pytest.mark.fault(36)
@pytest.mark.parametrize("loop", [A, S, C])
def test_a_restarted_gate_with_a_vehicle_in_the_lane_needs_an_attendant(loop: str) -> None:
    bench = Bench()
    bench.stand(loop)
    bench.feed(IORestored(outputs=SHUT, zeroed=True, watchdog=1.0, has_counter=False))
    bench.run(5.0)

    assert bench.status() is GateStatus.MANUAL
    assert bench.alarms == ["needs_attendant"]
    assert not bench.opened
    bench.stand().run(0.2)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R11")
def test_an_attendant_may_put_a_restarted_gate_into_service_with_a_vehicle_waiting() -> None:
    bench = Bench()
    bench.stand(A)
    bench.feed(IORestored(outputs=SHUT, zeroed=True, watchdog=1.0, has_counter=False))
    bench.run(5.0)
    bench.feed(AttendantReset(officer=OFFICER))
    bench.run(0.1)

    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R11")
@pytest.mark.fault(36)
def test_a_restarted_gate_with_the_arm_up_lets_it_down_over_an_empty_lane() -> None:
    bench = Bench(position=1.0)
    bench.feed(
        IORestored(outputs=LaneOutputs(open=True), zeroed=False, watchdog=1, has_counter=False)
    )
    bench.run(3.0)

    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R11")
@pytest.mark.fault(36)
def test_a_restarted_gate_does_not_raise_an_arm_that_comes_down_over_an_empty_lane() -> None:
    bench = Bench(position=0.7)
    bench.feed(IORestored(outputs=SHUT, zeroed=False, watchdog=1, has_counter=False))
    bench.run(3.0)

    assert not bench.opened
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R3")
@pytest.mark.rule("R11")
@pytest.mark.fault(36)
def test_a_restarted_gate_never_lets_the_arm_down_on_a_vehicle() -> None:
    bench = Bench(position=1.0)
    bench.stand(S)
    bench.feed(
        IORestored(outputs=LaneOutputs(open=True), zeroed=False, watchdog=1, has_counter=False)
    )
    bench.run(10.0)

    assert bench.lowest_over_safety > 0.9
    bench.stand().run(3.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R1")
@pytest.mark.fault(34)
def test_nothing_waits_for_its_moment_once_a_fault_is_latched() -> None:
    bench = an_open_bench()
    bench.stand(S).forced["green_proof"] = Signal.ON
    bench.run(2.0)
    assert "lamps_together" in bench.alarms
    assert bench.status() is GateStatus.UP

    bench.grant(id=named("another"))
    assert bench.lapses == ["fault"]


@pytest.mark.rule("R6")
@pytest.mark.fault(34)
@pytest.mark.parametrize(
    ("name", "value"),
    [("safety", Signal.UNKNOWN), ("arm_up", Signal.OFF), ("arm_up", Signal.UNKNOWN)],
)
def test_green_goes_out_with_what_it_stands_on(name: str, value: Signal) -> None:
    bench = an_open_bench()
    assert bench.lamp() is Lamp.GREEN

    bench.forced[name] = value
    bench.scan()
    assert bench.lamp() is Lamp.RED


@pytest.mark.rule("R6")
@pytest.mark.fault(31)
def test_limits_that_contradict_each_other_show_no_green() -> None:
    bench = a_bench()
    bench.grant()
    bench.run(0.5)
    bench.forced |= {"arm_up": Signal.ON, "arm_down": Signal.ON}
    bench.scan()

    assert bench.lamp() is Lamp.RED
