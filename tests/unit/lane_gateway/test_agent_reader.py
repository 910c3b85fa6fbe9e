"""The lane from vehicle to record, on a clock of its own."""

import pytest

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    CardSeen,
    DeviceNoted,
    OfficerCommanded,
    OverrideGiven,
    PassageEnded,
)
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderEventKind
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, automatic
from tests.unit.lane_gateway.builders import OFFICER, PLATE, epc_of, tid_of

PASSKEY = "5d" * 32


def test_a_passenger_who_shows_his_card_at_the_booth_belongs_to_the_car() -> None:
    bench = LaneBench()
    bench.arrive("ana", occupants=2)
    bench.run(20.0)
    bench.member("ben")
    bench.controller.reads(
        [TagRead(epc=epc_of("ben"), tid=tid_of("ben"), arrived=bench.clock.monotonic)]
    )

    assert len(bench.shown().cards) == 2
    assert bench.shown().cards_counted == 2


@pytest.mark.fault(7)
def test_a_replayed_read_opens_nothing_and_belongs_to_nobody() -> None:
    bench = automatic()
    bench.member("ana")
    bench.car(plate=PLATE)
    bench.run(6.0)
    for _ in range(100):
        read = TagRead(
            epc=epc_of("ana"), tid=tid_of("ana"), arrived=bench.clock.monotonic, replay=True
        )
        bench.controller.reads([read])
        bench.run(0.05)

    assert bench.times_opened() == 0
    assert bench.front.cards == {}
    assert all(seen.replay and seen.passage_id is None for seen in bench.record.of(CardSeen))


@pytest.mark.fault(3)
def test_a_reader_that_reads_nothing_of_a_waiting_vehicle_alarms_once() -> None:
    bench = LaneBench()
    bench.car(plate=PLATE)
    bench.run(30.0)

    assert alarms(bench) == ["no_reads"]


@pytest.mark.fault(13)
@pytest.mark.fault(14)
def test_what_the_reader_says_of_itself_is_recorded_and_alarms() -> None:
    bench = LaneBench()
    bench.run(0.1)
    kinds = [
        ReaderEventKind.ANTENNA_LOST,
        ReaderEventKind.BUFFER_OVERFLOW,
        ReaderEventKind.INVENTORY_STARTED,
    ]
    bench.controller.reads(
        [ReaderEvent(kind=kind, arrived=bench.clock.monotonic, port=2) for kind in kinds]
    )
    bench.controller.finish_turn()

    assert alarms(bench) == ["reader_antenna_lost", "reader_buffer_overflow"]
    noted = [note.what for note in bench.record.of(DeviceNoted)]
    assert "inventory_started 2" in noted


@pytest.mark.fault(4)
def test_a_reader_that_is_busy_alarms_once_and_is_recorded() -> None:
    bench = LaneBench()
    for _ in range(5):
        bench.controller.reader_changed(live=False, why="reader_busy")
    bench.controller.finish_turn()

    assert alarms(bench) == ["reader_busy"]


@pytest.mark.rule("R9")
def test_an_override_raises_the_arm_with_reason_officer_and_end() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.say(CommandKind.OVERRIDE, reason="ambulance", seconds=5.0, passkey=PASSKEY)
    bench.run(3.0)
    assert bench.status() is GateStatus.MANUAL
    assert bench.times_opened() == 1
    bench.run(5.0)

    assert bench.status() is GateStatus.DOWN
    assert {"OverrideGiven", "OverrideEnded"} <= set(bench.record.kinds())
    (given,) = bench.record.of(OverrideGiven)
    assert (given.override.officer, given.override.passkey) == (OFFICER, PASSKEY)
    assert (given.override.reason, given.override.seconds) == ("ambulance", 5.0)


@pytest.mark.rule("R9")
def test_an_override_without_a_passkey_raises_nothing_and_is_recorded_as_refused() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.say(CommandKind.OVERRIDE, reason="ambulance", seconds=5.0)
    bench.run(3.0)

    assert bench.status() is GateStatus.DOWN
    assert bench.times_opened() == 0
    refused = [told.refused for told in bench.record.of(OfficerCommanded)]
    assert refused == [None, "no_step_up"]


@pytest.mark.rule("R9")
def test_the_picture_shows_whose_override_runs_and_how_long_still() -> None:
    bench = LaneBench()
    bench.run(1.0)
    assert bench.picture().override is None
    bench.say(CommandKind.OVERRIDE, reason="ambulance", seconds=10.0, passkey=PASSKEY)
    bench.run(4.0)
    running = bench.picture().override
    bench.run(8.0)

    assert running is not None
    assert running.officer == OFFICER
    assert 6 <= running.left_s <= 8
    assert bench.picture().override is None


@pytest.mark.rule("R9")
def test_an_override_is_ended_by_command_and_faults_reset_by_command() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.say(CommandKind.OVERRIDE, reason="ambulance", passkey=PASSKEY)
    bench.run(2.0)
    bench.say(CommandKind.END_OVERRIDE)
    bench.run(3.0)
    assert bench.status() is GateStatus.DOWN
    bench.barrier.faults.red_out = True
    bench.run(3.0)
    assert bench.picture().faults == ("lamp_proof",)
    bench.barrier.faults.red_out = False
    bench.say(CommandKind.RESET)
    bench.run(1.0)
    assert bench.status() is GateStatus.DOWN


@pytest.mark.rule("R9")
def test_the_key_switch_holds_the_arm_up_as_long_as_it_is_turned() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.barrier.buttons["key_switch"] = True
    bench.run(2.0)
    assert bench.barrier.position == 1.0
    bench.barrier.buttons["key_switch"] = False
    bench.run(3.0)

    assert bench.barrier.position == 0.0
    assert bench.status() is GateStatus.DOWN


def test_a_car_that_goes_through_under_an_override_is_no_car_that_was_turned_back() -> None:
    bench = LaneBench()
    bench.arrive("ana", driver=Driver.THROUGH)
    bench.say(CommandKind.OVERRIDE, reason="medical", seconds=10.0, passkey=PASSKEY)
    bench.run(20.0)

    assert [(str(ended.end), ended.why) for ended in bench.record.of(PassageEnded)] == [
        ("faulted", "went_through")
    ]


def test_a_car_that_leaves_backwards_by_itself_was_turned_back() -> None:
    bench = LaneBench()
    car = bench.arrive("ana")
    car.driver = Driver.BACK
    bench.run(15.0)

    assert [(str(ended.end), ended.why) for ended in bench.record.of(PassageEnded)] == [
        ("turned_back", "left_lane")
    ]
