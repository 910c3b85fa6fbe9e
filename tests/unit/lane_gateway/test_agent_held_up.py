"""A lane that was held up by its disk, and one whose disk is full when nobody is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import Entry, InputsChanged, OutputsDriven, PassageEnded
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver
from services.lane_gateway.use_cases.ports import RecordLost
from tests.unit.lane_gateway.agent_bench import TURN, LaneBench
from tests.unit.lane_gateway.agent_looks import alarms
from tests.unit.lane_gateway.builders import NOW, PLATE, REGION, epc_of
from tests.unit.lane_gateway.lane_stores import RecordInMemory


@dataclass
class SlowRecord(RecordInMemory):
    """A record whose next commit takes ``takes`` seconds."""

    wait: Callable[[float], None] = lambda _seconds: None
    takes: float = 0.0

    def append(self, entries: Sequence[Entry]) -> None:
        takes, self.takes = self.takes, 0.0
        self.wait(takes)
        super().append(entries)


def a_slow_bench() -> tuple[LaneBench, SlowRecord]:
    bench = LaneBench()
    bench.barrier.interlock = True  # the barrier's own, where the lane cannot act

    def wait(seconds: float) -> None:
        for _ in range(round(seconds / TURN)):
            bench.clock.advance(TURN)
            bench.barrier.advance(TURN)
            bench.world.advance(TURN)

    bench.record = record = SlowRecord(wait=wait)
    bench.start()
    return bench, record


@pytest.mark.rule("R7")
def test_an_arm_that_the_watchdog_let_go_of_is_not_raised_once_more() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")
    bench.world.vehicles[0].speed = 0.0
    bench.admit()
    bench.until(lambda: bench.status() is GateStatus.UP)

    record.takes = 4.0
    bench.say(CommandKind.CONFIRM_PLATE, plate=PLATE, region=REGION)
    assert bench.barrier.position == 0.0, "the module let go meanwhile"
    bench.run(5.0)

    assert bench.barrier.position == 0.0
    assert bench.times_opened() == 1
    assert "io_lost" in alarms(bench)
    assert bench.front.authorisation is None


@pytest.mark.rule("R2")
@pytest.mark.fault(37)
def test_who_stands_at_the_arm_is_asked_anew_after_a_time_in_which_nobody_looked() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")
    bench.member("ben")
    bench.car("ben", front=-9.0, driver=Driver.WAIT)
    before = bench.front.id
    bench.admit()
    bench.until(lambda: bench.status() is GateStatus.UP)

    record.takes = 6.0
    bench.say(CommandKind.CONFIRM_PLATE, plate=PLATE, region=REGION)
    bench.run(5.0)

    assert "passed" in bench.what()
    assert bench.front.id != before
    assert set(bench.front.cards) == {epc_of("ben")}


@pytest.mark.rule("R7")
def test_an_opening_that_was_committed_too_late_waits_for_a_new_look_at_the_module() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")

    record.takes = 2.0
    bench.admit()
    bench.run(3.0)

    assert bench.times_opened() == 0
    driven = [event for event in record.of(OutputsDriven) if event.outputs.open]
    assert [event.verified for event in driven] == [False]
    bench.say(CommandKind.SECONDARY)
    bench.run(1.0)
    assert bench.times_opened() == 1


@pytest.mark.rule("R10")
def test_what_is_read_again_after_a_slow_commit_is_recorded() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")
    car = bench.world.vehicles[0]
    car.speed = 0.0

    record.takes = 0.2
    bench.world.remove(car)
    bench.admit()
    bench.run(1.0)

    arming = [
        edge.after
        for event in record.of(InputsChanged)
        for edge in event.edges
        if edge.name == "arming"
    ]
    assert arming == ["off", "on", "off"]
    assert bench.times_opened() == 0


@dataclass
class Untidy(RecordInMemory):
    """A record that has no room for its upkeep."""

    def tidy(self) -> None:
        raise RecordLost("The disk is full")


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_a_disk_that_is_full_during_upkeep_ends_no_agent() -> None:
    recorder = Recorder(record=Untidy(), wall=lambda: NOW, monotonic=lambda: 5000.0)

    recorder.tidy()

    assert not recorder.ok


@pytest.mark.rule("R3")
@pytest.mark.fault(37)
def test_a_slow_disk_does_not_hold_up_the_scan_that_turns_a_falling_arm_round() -> None:
    bench, record = a_slow_bench()
    bench.barrier.interlock = False
    bench.arrive("ana")
    bench.member("ben")
    bench.admit()
    bench.until(lambda: bench.status() is GateStatus.LOWERING, within=20.0)
    written = len(record.entries)
    bench.run(0.1)
    record.takes = 0.4
    bench.car("ben", front=-0.55, speed=2.5, driver=Driver.THROUGH, plate="")
    bench.until(lambda: bench.barrier.loops["safety"], within=0.3)
    assert bench.status() is GateStatus.LOWERING
    assert record.takes == 0.4, "nothing was written while the arm came down"
    bench.run(3.0)

    assert record.takes == 0.0
    assert len(record.entries) > written
    assert "tailgate" in alarms(bench)
    assert "arm_on_vehicle" not in bench.what()


@pytest.mark.rule("R10")
def test_the_passage_is_written_before_the_arm_is_let_go() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")
    bench.admit()
    bench.until(lambda: bench.status() is GateStatus.LOWERING, within=20.0)

    assert [str(ended.end) for ended in record.of(PassageEnded)] == ["passed"]


@pytest.mark.rule("R10")
def test_an_agent_that_ends_while_the_arm_comes_down_writes_what_it_kept() -> None:
    bench, record = a_slow_bench()
    bench.arrive("ana")
    bench.admit()
    bench.until(lambda: bench.status() is GateStatus.LOWERING, within=20.0)
    bench.run(0.3)
    written = len(record.entries)
    bench.controller.leave()

    assert len(record.entries) > written
