"""What a vehicle that followed another one leaves behind for those after it."""

import pytest

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.events import PassageEnded
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms
from tests.unit.lane_gateway.builders import epc_of, tid_of


def told(bench: LaneBench) -> list[tuple[str, str]]:
    return [(event.end, event.why) for event in bench.record.of(PassageEnded)]


@pytest.mark.rule("R4")
@pytest.mark.fault(33)
def test_after_a_tailgater_the_next_vehicle_is_asked_anew() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.member("ben", "eva")
    bench.car("ben", front=-10.0, driver=Driver.THROUGH, headway=3.8)
    bench.car("eva", front=-17.0, driver=Driver.WAIT)
    bench.admit()
    bench.until(lambda: "tailgate" in alarms(bench), within=20.0)
    bench.say(CommandKind.SECONDARY)
    assert bench.refused() == "moved_unseen"
    bench.until(lambda: bench.status() is GateStatus.DOWN, within=30.0)
    bench.run(2.0)

    assert set(bench.front.cards) == {epc_of("eva")}
    assert told(bench)[0] == ("passed", "")
    assert {end for end, _ in told(bench)[1:]} == {"faulted"}


@pytest.mark.rule("R12")
def test_cards_that_are_read_no_more_are_not_those_of_the_vehicle_that_comes() -> None:
    bench = LaneBench()
    bench.member("ana", "ben")
    card = SimulatedCard(epc=epc_of("ana"), tid=tid_of("ana"))
    bench.field.show(card, -60.0)
    bench.run(0.5)
    bench.field.hide(card)
    bench.run(2.0)

    bench.car("ben", front=-4.6)
    bench.run(1.5)

    assert set(bench.front.cards) == {epc_of("ben")}
    assert told(bench) == [("faulted", "moved_unseen")]


def test_a_card_without_a_vehicle_is_none_that_may_have_followed() -> None:
    bench = LaneBench()
    bench.member("ana")
    card = SimulatedCard(epc=epc_of("ana"), tid=tid_of("ana"))
    bench.field.show(card, -60.0)
    bench.run(0.5)
    bench.field.hide(card)
    bench.run(25.0)

    assert told(bench) == [("turned_back", "no_vehicle")]


@pytest.mark.fault(33)
def test_one_that_may_have_followed_unseen_did_not_turn_back() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    bench.member("ben")
    bench.car("ben", front=-10.0, driver=Driver.THROUGH, headway=0.5)
    bench.admit()
    bench.run(45.0)

    assert bench.what().count("passed") == 2
    assert told(bench) == [("passed", ""), ("faulted", "moved_unseen")]


@pytest.mark.rule("R12")
def test_a_card_that_comes_when_loop_a_is_clear_is_not_that_of_the_vehicle_that_backs_out() -> None:
    bench = LaneBench()
    bench.member("ben")
    first = bench.car(driver=Driver.WAIT)
    bench.run(8.5)
    first.driver = Driver.BACK
    bench.until(lambda: not bench.barrier.loops["arming"])
    bench.run(1.0)
    bench.field.show(SimulatedCard(epc=epc_of("ben"), tid=tid_of("ben")), -60.0)
    bench.run(0.5)

    assert set(bench.front.cards) == set()
    coming = bench.controller.tracker.coming
    assert coming is not None
    assert set(coming.cards) == {epc_of("ben")}


def swapped(*, first: str | None, then: str | None) -> LaneBench:
    """Let a car leave loop A, and one be there again before the first counts as gone."""
    bench = LaneBench()
    bench.member("ana", "ben")
    car = bench.car("ana", driver=Driver.WAIT)
    bench.run(8.5)
    assert bench.picture().word == "clear"
    bench.world.remove(car)
    bench.run(1.5)
    if first:
        bench.field.show(SimulatedCard(epc=epc_of(first), tid=tid_of(first)), -50.0)
        bench.run(0.2)
    bench.car(*([then] if then else []), front=-3.0, driver=Driver.WAIT, plate="")
    bench.run(0.5)
    return bench


@pytest.mark.rule("R12")
def test_the_verdict_of_a_car_that_left_is_not_for_the_one_that_took_its_place() -> None:
    bench = swapped(first="ben", then="ben")

    assert set(bench.front.cards) == {epc_of("ben")}
    assert told(bench) == [("turned_back", "left_lane")]
    bench.admit()
    bench.run(4.0)
    assert bench.times_opened() == 0


@pytest.mark.rule("R12")
def test_nobody_knows_who_stands_there_when_no_card_is_heard() -> None:
    bench = swapped(first=None, then=None)

    assert bench.front.cards == {}
    assert bench.picture().word != "clear"
    assert told(bench) == [("faulted", "moved_unseen")]


@pytest.mark.rule("R12")
def test_a_car_that_only_rolled_back_a_little_is_still_the_same() -> None:
    bench = swapped(first="ana", then="ana")

    assert set(bench.front.cards) == {epc_of("ana")}
    assert bench.picture().word == "clear"
    assert told(bench) == []
