"""The lane from vehicle to record, on a clock of its own."""

from dataclasses import replace

import pytest

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    AgentStarted,
    DeviceNoted,
    OfficerCommanded,
    PassageEnd,
    PassageEnded,
)
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.live import live_json
from services.lane_gateway.simulator.vehicle import Driver
from services.lane_gateway.use_cases.ports import RecordLost
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, automatic, ends
from tests.unit.lane_gateway.builders import LANE, PLATE, epc_of, named, tid_of


@pytest.mark.rule("R5")
def test_a_car_that_does_not_drive_off_needs_another_admission() -> None:
    bench = LaneBench()
    car = bench.arrive("ana", driver=Driver.WAIT)
    bench.admit()
    bench.run(20.0)
    assert bench.refused() == "no_passage"
    assert bench.status() is GateStatus.DOWN
    assert bench.picture().word == "clear"

    car.driver = Driver.OBEY
    bench.admit()
    bench.run(12.0)
    assert ends(bench) == ["passed"]


@pytest.mark.rule("R11")
@pytest.mark.fault(36)
def test_a_restarted_agent_starts_safe_and_closes_what_was_left_open() -> None:
    bench = LaneBench()
    bench.record.left_open = (named("before"),)
    bench.desk.say(CommandKind.ADMIT, passage_id=named("before"), counted=1)
    bench.start()
    bench.run(1.0)

    (ended,) = bench.record.of(PassageEnded)
    assert (ended.end, ended.why) == (PassageEnd.FAULTED, "agent_restarted")
    (command,) = bench.record.of(OfficerCommanded)
    assert command.refused == "agent_was_down"
    assert len(bench.record.of(AgentStarted)) == 2
    assert bench.times_opened() == 0


@pytest.mark.rule("R11")
@pytest.mark.rule("R3")
@pytest.mark.fault(36)
@pytest.mark.parametrize("after", [0.2, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
def test_an_agent_killed_at_any_moment_of_a_passage_harms_nobody(after: float) -> None:
    bench = LaneBench()
    bench.barrier.interlock = True
    bench.arrive("ana")
    bench.admit()
    bench.run(after)
    opened = bench.times_opened()
    bench.start()
    bench.run(20.0)

    assert "arm_on_vehicle" not in bench.what()
    assert bench.times_opened() <= opened + 1
    assert bench.status() in {GateStatus.DOWN, GateStatus.MANUAL}


@pytest.mark.rule("R11")
def test_an_agent_whose_record_takes_nothing_does_not_start() -> None:
    bench = LaneBench()
    bench.record.full = True

    with pytest.raises(RecordLost):
        bench.start()


@pytest.mark.rule("R8")
@pytest.mark.fault(25)
def test_a_module_that_goes_away_stops_the_lane_until_it_is_verified() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.io.lost = True
    bench.run(3.0)
    assert bench.picture().word == "stop"
    bench.admit()
    bench.run(1.0)
    assert bench.times_opened() == 0
    bench.io.lost = False
    bench.run(5.0)

    assert "io_lost" in alarms(bench)
    assert bench.picture().word == "clear"
    bench.admit()
    bench.run(12.0)
    assert ends(bench) == ["passed"]


@pytest.mark.rule("R7")
def test_the_heartbeat_beats_with_every_full_scan_and_with_nothing_else() -> None:
    bench = LaneBench()
    bench.run(1.0)
    assert bench.io.beats == bench.controller.gate.scans == 20
    before = bench.io.beats
    bench.controller.reads([])
    bench.controller.look_at_stores()
    bench.controller.finish_turn()

    assert bench.io.beats == before


def test_the_picture_of_a_lane_is_plain_json_and_moves_with_the_scans() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    plain = live_json(bench.picture())

    assert plain["scans"] == bench.controller.gate.scans
    assert plain["word"] == "clear"
    front = plain["front"]
    assert isinstance(front, dict)
    assert front["cards"][0]["credential_id"] == str(named("ana"))
    assert front["plate"] == PLATE


def test_a_new_generation_of_the_list_is_taken_between_two_vehicles_only() -> None:
    bench = LaneBench()
    bench.run(2.0)
    assert bench.cards.renewed >= 2
    bench.arrive("ana")
    before = bench.cards.renewed
    bench.run(5.0)
    assert bench.cards.renewed == before


def test_a_record_that_stays_lost_keeps_the_newest_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.lane_gateway.agent.recorder.MOST_KEPT", 10)
    bench = LaneBench()
    bench.record.full = True
    recorder = Recorder(
        record=bench.record,
        wall=lambda: bench.clock.wall,
        monotonic=lambda: bench.clock.monotonic,
    )
    for number in range(15):
        recorder.note(DeviceNoted(lane=LANE, device="reader", what=str(number)))
        recorder.flush()
    bench.record.full = False
    bench.clock.advance(2.0)

    assert recorder.flush()
    assert recorder.lost == 5
    noted = [note.what for note in bench.record.of(DeviceNoted)][-10:]
    assert noted == [str(number) for number in range(5, 15)]


def test_a_car_that_was_turned_back_and_stays_is_dealt_with_anew() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.say(CommandKind.TURN_BACK, reason="boot would not open")
    bench.run(50.0)
    assert bench.controller.tracker.front is None
    bench.run(15.0)

    assert bench.front.cards.keys() == {epc_of("ana")}


def test_an_old_admission_that_ends_is_not_the_answer_to_a_newer_command() -> None:
    bench = LaneBench()
    bench.member("ana")
    bench.car("ana")
    bench.until(lambda: bench.picture().word == "clear")
    bench.admit()
    bench.say(CommandKind.TURN_BACK, reason="second thoughts")

    assert bench.refused() is None
    assert ends(bench) == ["turned_back"]


def test_a_car_that_took_the_place_of_another_while_nobody_watched_starts_anew() -> None:
    bench = LaneBench()
    bench.arrive("ana", "ben")
    before = bench.front.id
    bench.barrier.buttons["emergency"] = True
    bench.run(2.0)
    bench.world.vehicles[0].driver = Driver.THROUGH
    bench.member("carla")
    bench.car("carla", front=-12.0)
    bench.run(6.0)
    bench.barrier.buttons.update(emergency=False, reset=True)
    bench.run(8.0)

    assert bench.status() is GateStatus.DOWN
    assert bench.front.id != before
    assert bench.front.cards.keys() == {epc_of("carla")}


def test_a_report_that_waited_for_the_loop_opens_nothing_alone() -> None:
    bench = automatic()
    bench.member("ana")
    bench.car(plate=PLATE, driver=Driver.WAIT)
    bench.run(9.0)
    now = bench.clock.monotonic
    read = TagRead(epc=epc_of("ana"), tid=tid_of("ana"), arrived=now)

    bench.controller.reads([read], since=now - 0.26)
    bench.run(1.0)
    assert bench.picture().word == "clear"
    assert bench.times_opened() == 0

    bench.controller.reads([replace(read, arrived=bench.clock.monotonic)])
    assert bench.times_opened() == 1
