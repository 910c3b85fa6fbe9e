import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.lane_gateway.domain.gate import step
from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    IOFailed,
    IORestored,
    OverrideEnded,
    OverrideOver,
    Scanned,
)
from services.lane_gateway.domain.gate_model import ALLOWED, GateStatus
from services.lane_gateway.domain.gate_turn import Turn
from services.lane_gateway.domain.signals import Lamp, Signal
from shared.errors import Conflict
from tests.unit.lane_gateway.builders import OFFICER, named
from tests.unit.lane_gateway.gate_bench import (
    SCAN,
    A,
    Bench,
    C,
    S,
    a_bench,
)
from tests.unit.lane_gateway.gate_positions import a_lowering_bench


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


@pytest.mark.rule("R1")
@pytest.mark.rule("R9")
def test_an_arm_that_a_person_commands_opens_for_no_authorisation() -> None:
    bench = a_bench()
    bench.override()
    bench.grant()

    assert bench.lapses == ["not_in_service"]


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
