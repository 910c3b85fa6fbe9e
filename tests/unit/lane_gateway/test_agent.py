"""The lane from vehicle to record, on a clock of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.admission import Reason
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    AgentStarted,
    AlarmRaised,
    CardSeen,
    DeviceNoted,
    ModeChanged,
    OfficerCommanded,
    OutputsDriven,
    PassageAuthorised,
    PassageDecided,
    PassageEnd,
    PassageEnded,
    PlateSeen,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import live_json
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderEventKind, RecordLost
from tests.unit.lane_gateway.agent_bench import LaneBench, stepped
from tests.unit.lane_gateway.builders import LANE, OFFICER, PLATE, epc_of, named, tid_of


def alarms(bench: LaneBench) -> list[str]:
    return [alarm.code for alarm in bench.record.of(AlarmRaised)]


def ends(bench: LaneBench) -> list[str]:
    return [str(ended.end) for ended in bench.record.of(PassageEnded)]


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


def automatic() -> LaneBench:
    bench = LaneBench(mode=LaneMode.AUTOMATIC, has_counter=True)
    bench.desk.set(signed_on=None)
    bench.run(1.5)
    assert bench.picture().mode == "automatic"
    return bench


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
    bench.say(CommandKind.OVERRIDE, reason="ambulance", seconds=5.0)
    bench.run(3.0)
    assert bench.status() is GateStatus.MANUAL
    assert bench.times_opened() == 1
    bench.run(5.0)

    assert bench.status() is GateStatus.DOWN
    assert {"OverrideGiven", "OverrideEnded"} <= set(bench.record.kinds())


@pytest.mark.rule("R9")
def test_an_override_is_ended_by_command_and_faults_reset_by_command() -> None:
    bench = LaneBench()
    bench.run(1.0)
    bench.say(CommandKind.OVERRIDE, reason="ambulance")
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
    bench.say(CommandKind.OVERRIDE, reason="medical", seconds=10.0)
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
