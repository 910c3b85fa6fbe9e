"""Vehicles that may have moved while the loops could not be seen."""

from typing import Protocol
from uuid import UUID

import pytest

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import PassageAuthorised, PassageEnded
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, automatic, ends


class Blind(Protocol):
    """Takes the lane's sight away, and gives it back."""

    def __call__(self, bench: LaneBench, *, on: bool) -> None:
        """Switch the fault."""


def loops_lost(bench: LaneBench, *, on: bool) -> None:
    bench.barrier.faults.loop_fault = on


def module_lost(bench: LaneBench, *, on: bool) -> None:
    bench.io.lost = on


def two_cars(bench: LaneBench) -> UUID:
    """Let one car under the arm and another one stop behind it; return the other's number."""
    bench.arrive("ana")
    bench.car("ben", front=-9.0, driver=Driver.WAIT)
    bench.admit()
    return until_one_follows(bench)


def until_one_follows(bench: LaneBench) -> UUID:
    """Wait until one car is under the arm and another one stands behind it; return its number."""
    tracker = bench.controller.tracker
    bench.until(lambda: tracker.passing is not None and tracker.coming is not None)
    assert tracker.coming is not None
    return tracker.coming.id


@pytest.mark.rule("R2")
@pytest.mark.fault(30)
@pytest.mark.parametrize("blind", [loops_lost, module_lost])
def test_who_stands_at_the_arm_is_asked_anew_after_a_time_without_sight(blind: Blind) -> None:
    bench = LaneBench()
    before = two_cars(bench)

    blind(bench, on=True)
    bench.run(0.6)
    bench.say(CommandKind.SECONDARY)
    bench.run(0.1)
    assert bench.refused() == "moved_unseen"
    blind(bench, on=False)
    bench.until(lambda: bench.status() is GateStatus.DOWN, within=30.0)
    bench.run(1.0)

    after = bench.front
    assert after.id != before
    assert ("faulted", "moved_unseen") in [
        (event.end, event.why) for event in bench.record.of(PassageEnded)
    ]
    assert len(bench.record.of(PassageAuthorised)) == 1, "nothing was bound to the wrong car"


@pytest.mark.parametrize("blind", [loops_lost, module_lost])
def test_a_single_missed_scan_changes_nothing(blind: Blind) -> None:
    bench = LaneBench()
    before = two_cars(bench)

    blind(bench, on=True)
    bench.run(0.05)
    blind(bench, on=False)
    bench.until(lambda: bench.status() is GateStatus.DOWN, within=30.0)

    assert bench.front.id == before
    assert ends(bench) == ["passed"]


def test_with_the_arm_down_nobody_can_have_moved_under_it() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    before = bench.front.id

    loops_lost(bench, on=True)
    bench.run(3.0)
    loops_lost(bench, on=False)
    bench.run(0.5)

    assert bench.front.id == before
    bench.admit()
    bench.run(12.0)
    assert ends(bench) == ["passed"]


def test_a_lane_alone_lets_nobody_pass_before_it_has_looked_anew() -> None:
    bench = automatic()
    bench.arrive("ana", seconds=6.0)
    bench.car("ben", front=-9.0)
    before = until_one_follows(bench)

    loops_lost(bench, on=True)
    bench.run(1.0)
    loops_lost(bench, on=False)
    bench.run(30.0)

    given = [event.passage_id for event in bench.record.of(PassageAuthorised)]
    assert before not in given


@pytest.mark.fault(30)
def test_loops_that_stay_unseen_call_somebody_once() -> None:
    bench = LaneBench()
    bench.run(1.0)

    loops_lost(bench, on=True)
    bench.run(5.0)
    assert alarms(bench).count("loops_unknown") == 1

    loops_lost(bench, on=False)
    bench.run(1.0)
    loops_lost(bench, on=True)
    bench.run(2.0)
    assert alarms(bench).count("loops_unknown") == 2
