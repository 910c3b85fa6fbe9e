"""The lane from vehicle to record, on a clock of its own."""

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    OfficerCommanded,
    PassageEnded,
    PlateSeen,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from tests.unit.lane_gateway.agent_bench import LaneBench, stepped
from tests.unit.lane_gateway.agent_looks import alarms, ends
from tests.unit.lane_gateway.builders import OFFICER, PLATE, epc_of, tid_of


@pytest.mark.statement(44)
@pytest.mark.fault(24)
def test_a_hold_that_reaches_the_site_refers_the_car_at_the_gate() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.member("ana", status=CardStatus.HELD)
    bench.controller.look_at_stores()
    assert bench.picture().word == "refer"
    bench.admit()
    assert bench.times_opened() == 0


@pytest.mark.statement(44)
@pytest.mark.fault(24)
def test_a_hold_that_comes_with_the_command_is_seen_by_the_command() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.member("ana", status=CardStatus.HELD)
    bench.admit()

    assert bench.refused() == "not_clear"
    assert bench.times_opened() == 0


@pytest.mark.fault(24)
def test_a_hold_between_admission_and_passage_takes_the_green_away() -> None:
    bench = LaneBench()
    bench.arrive("ana", driver=Driver.WAIT)
    bench.admit()
    bench.run(2.0)
    assert bench.picture().lamp == "green"
    bench.member("ana", status=CardStatus.HELD)
    bench.controller.look_at_stores()
    bench.run(3.0)

    assert bench.status() is GateStatus.DOWN
    assert bench.picture().word == "refer"
    assert bench.front.authorisation is None


@pytest.mark.fault(23)
def test_a_car_without_a_card_is_referred_and_a_card_without_a_car_forgotten() -> None:
    bench = LaneBench()
    bench.car()
    bench.run(10.0)
    assert bench.shown().reasons == (Reason.NO_CARD,)

    lone = LaneBench()
    lone.member("ana")
    lone.field.show(lone.car("ana").cards[0], -60.0)
    lone.world.vehicles.clear()
    lone.run(2.0)
    assert lone.controller.tracker.coming is not None
    lone.field.cards.clear()
    lone.run(25.0)
    assert lone.controller.tracker.coming is None
    assert [ended.why for ended in lone.record.of(PassageEnded)] == ["no_vehicle"]


@pytest.mark.fault(21)
def test_a_copied_card_and_a_silent_chip_are_referred() -> None:
    bench = LaneBench()
    bench.member("ana")
    car = bench.car("ana")
    bench.world.remove(car)
    copied = bench.car("ana", cards=(SimulatedCard(epc=epc_of("ana"), tid=tid_of("copy")),))
    bench.run(8.0)
    assert bench.shown().reasons == (Reason.TID_MISMATCH,)
    bench.world.remove(copied)

    silent = LaneBench()
    silent.member("ana")
    silent.car("ana", cards=(SimulatedCard(epc=epc_of("ana")),))
    silent.run(10.0)
    assert silent.shown().reasons == (Reason.TID_UNREAD,)


def test_a_plate_that_the_camera_misread_is_confirmed_by_the_officer() -> None:
    bench = LaneBench()
    bench.arrive("ana", plate="7A8C123")
    assert bench.shown().reasons == (Reason.CONFIRM_PLATE,)
    bench.say(CommandKind.CONFIRM_PLATE, plate=PLATE, region="CA")

    assert bench.picture().word == "clear"
    assert bench.shown().plate_by_officer
    assert bench.record.of(PlateSeen)[-1].by_officer


def test_a_plate_that_was_not_read_is_typed_by_the_officer() -> None:
    bench = LaneBench()
    bench.camera_on = False
    bench.arrive("ana")
    assert bench.shown().reasons == (Reason.PLATE_UNREAD,)
    bench.say(CommandKind.CONFIRM_PLATE, plate="7 abc-123", region="ca")

    assert bench.picture().word == "clear"


@pytest.mark.rule("R8")
def test_with_the_reader_dead_the_officer_looks_up_and_lets_pass_after_checks() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.reader_on = False
    bench.arrive("ana")
    assert "reader_lost" in alarms(bench)
    bench.say(CommandKind.ADD_CARD, epc=epc_of("ana"))
    assert Reason.READ_BY_OFFICER in bench.front.decision.reasons  # type: ignore[union-attr]
    bench.admit()
    assert bench.times_opened() == 0
    bench.say(CommandKind.AFTER_CHECKS, reason="card and face agree", counted=1)
    assert bench.times_opened() == 1


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_a_full_disk_opens_nothing_and_loses_no_car() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.record.full = True
    bench.admit()
    bench.run(3.0)
    assert bench.times_opened() == 0
    assert bench.picture().word == "stop"
    assert not bench.picture().record_ok

    bench.record.full = False
    bench.run(2.0)
    assert "stores_lost" in alarms(bench)
    assert bench.picture().word == "clear"
    bench.admit()
    bench.run(10.0)
    assert ends(bench) == ["passed"]
    assert bench.record.of(OfficerCommanded)[0].refused is None


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_a_list_that_cannot_be_read_opens_nothing() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.cards.lost = True
    bench.run(1.5)
    assert bench.shown().reasons == (Reason.STALE_LIST,)
    bench.say(CommandKind.SECONDARY)
    assert bench.times_opened() == 0

    bench.cards.lost = False
    bench.run(1.5)
    assert bench.picture().word == "clear"


@pytest.mark.rule("R8")
@pytest.mark.fault(37)
def test_a_desk_that_cannot_be_read_leaves_the_lane_as_it_is() -> None:
    bench = LaneBench()
    bench.desk.away = True
    bench.arrive("ana")

    assert bench.picture().word == "clear"
    assert bench.picture().signed_on == OFFICER


@pytest.mark.fault(38)
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_host_clock_stepped_an_hour_stops_no_passage(hours: int) -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.admit()
    stepped(bench.clock, hours)
    bench.run(10.0)

    assert ends(bench) == ["passed"]


def test_a_list_that_got_old_refers_everybody_while_they_wait() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.heads_come = False
    bench.clock.advance(73 * 3600)
    bench.run(1.5)

    assert bench.shown().reasons == (Reason.STALE_LIST,)
    assert bench.picture().card_list.standing == "stale"
