"""The lane from vehicle to record, on a clock of its own."""

from datetime import timedelta

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import (
    ModeChanged,
    OfficerCommanded,
    PassageAuthorised,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import automatic, ends
from tests.unit.lane_gateway.builders import PLATE, epc_of, named, tid_of


def test_a_lane_with_a_counter_lets_clear_cars_pass_alone() -> None:
    bench = automatic()
    bench.arrive("ana", "ben", seconds=20.0)

    assert bench.what()[-1] == "passed"
    assert [given.authorisation.officer for given in bench.record.of(PassageAuthorised)] == [None]


@pytest.mark.statement(46)
def test_a_lane_alone_keeps_a_car_with_more_people_than_cards() -> None:
    bench = automatic()
    bench.arrive("ana", occupants=2, seconds=20.0)

    assert bench.times_opened() == 0
    assert bench.shown().reasons == (Reason.COUNT_DIFFERS,)


def test_between_report_and_coil_there_is_one_commit() -> None:
    bench = automatic()
    bench.member("ana")
    bench.car(plate=PLATE, driver=Driver.WAIT)
    bench.run(9.0)
    assert Reason.NO_CARD in bench.shown().reasons
    before = bench.record.commits
    seen: list[int] = []
    bench.io.before_write = lambda: seen.append(bench.record.commits)
    bench.field.show(SimulatedCard(epc=epc_of("ana"), tid=tid_of("ana")), -50.0)
    bench.run(0.1)

    assert bench.times_opened() == 1
    assert seen[0] == before + 1


@pytest.mark.fault(29)
def test_automatic_falls_to_attended_without_a_watchdog() -> None:
    bench = LaneBench(mode=LaneMode.AUTOMATIC, has_counter=True)
    bench.barrier.watchdog = 0.0
    bench.run(1.5)

    assert bench.picture().mode == "attended"


def test_automatic_falls_to_attended_when_the_list_gets_old() -> None:
    bench = automatic()
    bench.heads_come = False
    bench.run(125.0)

    assert bench.picture().mode == "attended"
    assert bench.picture().card_list.standing == "aged"
    assert bench.record.of(ModeChanged)[-1].after is LaneMode.ATTENDED


@pytest.mark.statement(55)
def test_a_new_mode_counts_from_the_next_vehicle_on() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.desk.set(mode=LaneMode.CLOSED)
    bench.run(2.0)
    assert bench.picture().word == "clear"
    bench.admit()
    bench.run(12.0)
    assert ends(bench) == ["passed"]
    assert bench.picture().word == "stop"

    bench.arrive("ben")
    bench.admit()
    assert bench.times_opened() == 1


def test_commands_that_do_not_fit_are_refused_and_recorded() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.admit(officer="somebody")
    assert bench.refused() == "not_signed_on"
    bench.admit(passage_id=named("other"))
    assert bench.refused() == "other_passage"
    bench.admit(at=bench.clock.wall - timedelta(seconds=6))
    assert bench.refused() == "late"
    bench.say(CommandKind.ADMIT)
    assert bench.refused() == "not_counted"
    bench.say(CommandKind.OVERRIDE, reason=" ")
    assert bench.refused() == "no_reason"
    bench.say(CommandKind.AFTER_CHECKS, reason="liked the face")
    assert bench.refused() == "clear_already"

    bench.run(1.0)
    assert bench.times_opened() == 0
    commands = bench.record.of(OfficerCommanded)
    assert {command.refused for command in commands} >= {
        "not_signed_on",
        "other_passage",
        "late",
        "not_counted",
        "no_reason",
    }
    picture = bench.picture()
    assert (picture.last_command, picture.last_command_refused) == (6, "clear_already")


@pytest.mark.fault(35)
def test_a_car_is_admitted_once_however_often_the_button_is_pressed() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    for _ in range(3):
        bench.admit()
    bench.say(CommandKind.TURN_BACK, reason="second thoughts")
    assert bench.refused() == "authorised_already"
    bench.run(1.0)

    assert bench.times_opened() == 1
    assert len(bench.record.of(PassageAuthorised)) == 1


def test_an_officer_may_admit_while_the_arm_still_comes_down_behind_the_car_before() -> None:
    bench = LaneBench()
    bench.member("ana", "ben")
    bench.car("ana")
    bench.car("ben", front=-23.0)
    bench.run(8.0)
    bench.admit()
    tracker = bench.controller.tracker
    bench.until(lambda: tracker.passing is not None)
    bench.until(lambda: tracker.passing is None)
    assert bench.front.cards.keys() == {epc_of("ben")}
    assert bench.status() is GateStatus.LOWERING
    bench.admit()
    assert bench.times_opened() == 1
    bench.run(15.0)

    assert ends(bench) == ["passed", "passed"]
    assert bench.times_opened() == 2


def test_each_car_of_a_queue_keeps_its_own_cards_and_plate() -> None:
    bench = LaneBench()
    people = ["ana", "ben", "carla", "dora"]
    bench.member(*people)
    for place, name in enumerate(people):
        bench.car(name, front=-15.0 - 9.0 * place)
    tracker = bench.controller.tracker
    for name in people:
        bench.until(lambda: tracker.front is not None and bench.status() is GateStatus.DOWN)
        bench.run(1.5)
        assert bench.front.cards.keys() == {epc_of(name)}
        assert bench.picture().word == "clear"
        bench.admit()
        bench.until(lambda: tracker.passing is not None)
    bench.run(10.0)

    assert ends(bench) == ["passed"] * 4
    assert "arm_on_vehicle" not in bench.what()
