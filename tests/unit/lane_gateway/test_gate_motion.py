import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.lane_gateway.domain.gate import step
from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Began,
    Completed,
    IOFailed,
    IORestored,
    OverrideEnded,
    OverrideOver,
    Scanned,
)
from services.lane_gateway.domain.gate_model import ALLOWED, GateStatus
from services.lane_gateway.domain.gate_turn import Turn
from services.lane_gateway.domain.signals import SHUT, Lamp, LaneOutputs, Signal
from shared.errors import Conflict
from tests.unit.lane_gateway.builders import OFFICER, named
from tests.unit.lane_gateway.gate_bench import (
    SCAN,
    A,
    Bench,
    C,
    S,
    a_bench,
    a_started_bench,
)


def an_open_bench() -> Bench:
    bench = a_bench()
    bench.grant()
    bench.run(1.5)
    assert bench.status() is GateStatus.UP
    return bench


def a_lowering_bench() -> Bench:
    bench = an_open_bench()
    bench.drive_through()
    bench.run(0.5)
    assert bench.status() is GateStatus.LOWERING
    return bench


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
    bench.stand().run(16.0)

    assert bench.lapses == ["no_passage"]
    bench.run(2.0)
    assert bench.status() is GateStatus.DOWN


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


@pytest.mark.rule("R9")
def test_an_override_raises_the_arm_and_ends_by_itself() -> None:
    bench = a_bench()
    bench.override(seconds=5.0)
    assert bench.status() is GateStatus.MANUAL
    bench.run(4.0)
    assert bench.position == 1.0
    assert bench.lamp() is Lamp.RED
    bench.run(4.0)

    assert bench.status() is GateStatus.DOWN
    assert [action.why for action in bench.actions if isinstance(action, OverrideOver)] == [None]


@pytest.mark.rule("R9")
@pytest.mark.rule("R3")
@pytest.mark.fault(38)
def test_an_override_that_ends_over_a_vehicle_keeps_the_arm_up() -> None:
    bench = a_bench()
    bench.override(seconds=5.0)
    bench.stand(S).run(4.0)
    bench.run(10.0)
    assert bench.position == 1.0

    bench.stand().run(3.0)
    assert bench.position == 0.0


@pytest.mark.rule("R9")
@pytest.mark.fault(38)
def test_an_override_works_during_a_fault_and_leaves_it_latched() -> None:
    bench = a_bench()
    bench.forced["red_proof"] = Signal.OFF
    bench.run(2.0)
    bench.override(seconds=2.0)
    assert bench.status() is GateStatus.MANUAL
    bench.run(3.0)

    assert bench.status() is GateStatus.FAULTED


@pytest.mark.rule("R9")
def test_an_override_may_be_ended_early() -> None:
    bench = a_bench()
    bench.override(seconds=60.0)
    bench.run(2.0)
    bench.feed(OverrideEnded())
    bench.run(2.0)

    assert bench.position == 0.0


@pytest.mark.rule("R9")
@pytest.mark.fault(38)
def test_emergency_open_latches_until_it_is_reset_at_the_lane() -> None:
    bench = a_lowering_bench()
    bench.forced["emergency"] = Signal.ON
    bench.run(2.0)
    assert bench.status() is GateStatus.EMERGENCY_OPEN
    assert bench.position == 1.0

    bench.forced["emergency"] = Signal.OFF
    bench.feed(AttendantReset(officer=OFFICER))
    bench.run(30.0)
    assert bench.status() is GateStatus.EMERGENCY_OPEN

    bench.forced["reset"] = Signal.ON
    bench.run(0.1)
    del bench.forced["reset"]
    bench.run(3.0)
    assert bench.status() is GateStatus.DOWN


def test_every_transition_outside_the_table_is_refused() -> None:
    for status in GateStatus:
        for target in set(GateStatus) - ALLOWED[status] - {status}:
            turn = Turn(Bench().state, 0.0)
            turn.change(status=status)
            with pytest.raises(Conflict):
                turn.enter(target)


@pytest.mark.rule("R3")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["stand", "grant", "override", "reset", "io", "unknown"]),
            st.sets(st.sampled_from([A, S, C])),
            st.floats(0.05, 2.0),
        ),
        max_size=25,
    )
)
def test_whatever_happens_the_arm_never_moves_down_over_the_safety_loop(
    moves: list[tuple[str, set[str], float]],
) -> None:
    bench = a_bench()
    for number, (what, loops, seconds) in enumerate(moves):
        bench.loops = set(loops)
        bench.forced = {"safety": Signal.UNKNOWN} if what == "unknown" else {}
        if what == "grant":
            bench.grant(id=named(str(number)))
        elif what == "override":
            bench.override(seconds=1.0)
        elif what == "reset":
            bench.feed(AttendantReset(officer=OFFICER))
        elif what == "io":
            bench.feed(IOFailed())
            bench.feed(
                IORestored(
                    outputs=bench.state.outputs, zeroed=False, watchdog=1.0, has_counter=False
                )
            )
        for _ in range(round(seconds / SCAN)):
            before = bench.position
            bench.run(SCAN)
            bench.scan()
            occupied = S in bench.loops or what == "unknown"
            falling = not bench.state.outputs.open and bench.position > 0 and bench.state.raised
            assert not (occupied and falling), (bench.status(), before)


def test_one_step_takes_less_than_a_millisecond() -> None:
    bench = a_bench()
    event = Scanned(inputs=bench.inputs())

    def once() -> float:
        start = time.perf_counter()
        step(bench.state, event, bench.now)
        return time.perf_counter() - start

    assert min(once() for _ in range(20)) < 0.001
