"""The lane from vehicle to record, on a clock of its own."""

from datetime import timedelta

import pytest

from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    CardSeen,
    OutputsDriven,
    PassageDecided,
    PassageEnd,
    PassageEnded,
    PlateSeen,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.simulator.vehicle import Driver
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.agent_looks import alarms, ends
from tests.unit.lane_gateway.builders import OFFICER, epc_of, named


def test_an_admitted_car_passes_and_the_record_equals_the_truth() -> None:
    bench = LaneBench()
    bench.arrive("ana", "ben")
    assert bench.picture().word == "clear"
    bench.admit(counted=2)
    bench.run(10.0)

    assert bench.what() == ["placed", "at_gate", "under_arm", "passed"]
    (ended,) = bench.record.of(PassageEnded)
    assert ended.end is PassageEnd.PASSED
    assert set(ended.credential_ids) == {named("ana"), named("ben")}
    assert (ended.officer, ended.counted, ended.list_number) == (OFFICER, 2, 102)
    assert bench.status() is GateStatus.DOWN
    assert bench.picture().word == "waiting"
    assert alarms(bench) == []


@pytest.mark.statement(49)
@pytest.mark.statement(57)
def test_the_verdict_stands_on_the_screen_before_the_car_stops() -> None:
    bench = LaneBench()
    bench.member("ana")
    car = bench.car("ana")
    while bench.picture().word != "clear":
        bench.turn()
        assert car.front < -5.0
    bench.run(5.0)
    bench.admit()
    bench.run(10.0)
    times = bench.record.of(PassageEnded)[0].times
    assert times.read is not None
    assert times.shown is not None
    assert times.decided is not None
    assert times.gate is not None
    assert times.read <= times.decided <= times.shown < times.gate
    assert times.shown - times.read < timedelta(milliseconds=500)


@pytest.mark.rule("R10")
def test_everything_before_an_opening_is_committed_before_the_coil() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    seen: list[list[str]] = []
    bench.io.before_write = lambda: seen.append(bench.record.kinds())
    bench.admit()

    committed = seen[0]
    assert committed[-2:] == ["OfficerCommanded", "PassageAuthorised"]
    assert {"CardSeen", "PlateSeen", "PassageDecided", "InputsChanged"} <= set(committed)
    driven = bench.record.of(OutputsDriven)[-1]
    assert driven.outputs.open
    assert driven.verified


@pytest.mark.rule("R10")
def test_entries_carry_host_clocks_and_the_devices_own_time() -> None:
    bench = LaneBench()
    bench.arrive("ana")
    entries = {type(entry.event): entry for entry in bench.record.entries}

    for kind in (CardSeen, PlateSeen):
        assert entries[kind].device_time is not None
        assert entries[kind].monotonic > 0
    assert bench.record.of(CardSeen)[0].epc == epc_of("ana")


@pytest.mark.fault(18)
def test_a_card_read_hundreds_of_times_makes_one_decision() -> None:
    bench = LaneBench()
    bench.arrive("ana", seconds=30.0)

    assert bench.front.cards[epc_of("ana")].reads > 400
    assert len(bench.record.of(CardSeen)) == 1
    clear = [event for event in bench.record.of(PassageDecided) if not event.decision.reasons]
    assert len(clear) == 1


@pytest.mark.statement(46)
@pytest.mark.fault(20)
def test_a_count_that_differs_refers_and_the_right_one_clears_again() -> None:
    bench = LaneBench()
    bench.arrive("ana", "ben", "carla", "dora")
    bench.admit(counted=5)
    bench.run(2.0)

    assert bench.times_opened() == 0
    assert bench.refused() == "not_clear"
    assert bench.shown().reasons == (Reason.COUNT_DIFFERS,)
    assert bench.picture().word == "refer"

    bench.admit(counted=4)
    assert bench.times_opened() == 1


@pytest.mark.statement(50)
def test_a_clear_car_is_not_let_in_without_the_officer() -> None:
    bench = LaneBench()
    bench.arrive("ana", seconds=60.0)

    assert bench.times_opened() == 0
    assert bench.picture().word == "clear"


@pytest.mark.statement(51)
@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (CommandKind.SECONDARY, ReferralEnd.SECONDARY),
        (CommandKind.AFTER_CHECKS, ReferralEnd.AFTER_CHECKS),
    ],
)
def test_a_held_member_is_referred_until_the_officer_decides(
    kind: CommandKind, end: ReferralEnd
) -> None:
    bench = LaneBench()
    bench.member("ana", status=CardStatus.HELD)
    bench.car("ana")
    bench.run(8.0)
    assert bench.picture().word == "refer"
    bench.admit()
    bench.run(5.0)
    assert bench.times_opened() == 0

    bench.say(kind, reason="passports seen")
    bench.run(12.0)

    assert bench.what()[-1] == "passed"
    assert [closed.end for closed in bench.record.of(ReferralClosed)] == [end]


@pytest.mark.statement(51)
def test_a_car_that_is_turned_back_closes_its_referral_and_leaves_the_lane_free() -> None:
    bench = LaneBench()
    bench.member("ana", status=CardStatus.HELD)
    car = bench.car("ana")
    bench.run(8.0)
    bench.say(CommandKind.TURN_BACK, reason="no papers")
    bench.run(2.0)
    assert bench.controller.tracker.front is None
    car.driver = Driver.BACK
    bench.run(15.0)

    assert ends(bench) == ["turned_back"]
    assert [closed.end for closed in bench.record.of(ReferralClosed)] == [ReferralEnd.TURNED_BACK]
    bench.arrive("ben")
    assert bench.picture().word == "clear"


@pytest.mark.statement(53)
def test_a_wrong_lane_is_redirected_under_its_own_sign() -> None:
    bench = LaneBench()
    bench.member("ana", programs=frozenset({"nexus"}))
    bench.car("ana")
    bench.run(8.0)
    assert bench.picture().word == "redirect"
    bench.say(CommandKind.REDIRECT)
    bench.run(1.0)
    assert bench.picture().sign == "redirect"
    assert bench.picture().lamp == "red"
    bench.run(8.0)
    assert ends(bench) == ["passed"]
    assert bench.record.of(ReferralClosed) == []
