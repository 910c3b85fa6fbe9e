import time
from dataclasses import replace

import pytest

from services.lane_gateway.domain.admission import (
    Reason,
    Verdict,
    check_count,
    decide,
)
from services.lane_gateway.domain.credentials import AgeBand, CardStatus
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.lane_policy import (
    LaneType,
)
from shared.plates import plate_mark
from tests.unit.lane_gateway.builders import (
    NOW,
    PLATE,
    a_card,
    a_lane,
    a_list,
    a_record,
    a_vehicle,
    epc_of,
    tid_of,
)
from tests.unit.lane_gateway.verdicts import verdict_on


def test_a_program_that_needs_no_vehicle_clears_without_a_plate() -> None:
    card = a_card(programs=frozenset({"nexus"}), plates=())

    assert verdict_on(card, vehicle=None, lane=a_lane(lane_type=LaneType.NEXUS)).reasons == ()


def test_no_plate_refers_as_unread() -> None:
    assert verdict_on(a_card(), vehicle=None).reasons == (Reason.PLATE_UNREAD,)


def test_the_plate_of_another_vehicle_refers() -> None:
    assert verdict_on(a_card(), vehicle=a_vehicle("8XYZ999")).reasons == (
        Reason.VEHICLE_NOT_ENROLLED,
    )


def test_the_same_plate_of_another_region_is_another_vehicle() -> None:
    decision = verdict_on(a_card(), vehicle=a_vehicle(region="BCN"))

    assert decision.reasons == (Reason.VEHICLE_NOT_ENROLLED,)


@pytest.mark.parametrize("misread", ["7A8C123", "7ABC1Z3", "JABC123"])
def test_one_character_of_difference_asks_the_officer(misread: str) -> None:
    assert verdict_on(a_card(), vehicle=a_vehicle(misread)).reasons == (Reason.CONFIRM_PLATE,)


def test_a_camera_that_is_not_sure_asks_the_officer() -> None:
    for plate in (PLATE, "8XYZ999"):
        decision = verdict_on(a_card(), vehicle=a_vehicle(plate, confidence=0.5))
        assert decision.reasons == (Reason.CONFIRM_PLATE,)


def test_a_plate_that_the_officer_confirmed_is_believed() -> None:
    confirmed = a_vehicle("7-abc 123", confidence=0.0, by_officer=True)

    assert verdict_on(a_card(), vehicle=confirmed).verdict is Verdict.CLEAR


def test_a_plate_proves_nothing_with_the_number_of_another_chip() -> None:
    """A copied card with its own TID cannot make marks that agree, whatever it carries."""
    own_mark = plate_mark(tid_of("copy"), "CA", PLATE)

    decision = verdict_on(a_card(tid=tid_of("copy"), plates=(own_mark,)))

    assert decision.reasons == (Reason.TID_MISMATCH,)


def test_a_card_looked_up_by_the_officer_stays_unproved() -> None:
    looked_up = replace(a_card("ben", tid=None), by_officer=True)

    assert verdict_on(a_card("ana"), looked_up).reasons == (Reason.READ_BY_OFFICER,)


@pytest.mark.statement(41)
def test_a_lane_that_demands_authentication_refers_what_is_not_authenticated() -> None:
    lane = a_lane(needs_chip=True)
    proved = replace(a_card(), chip=ChipOutcome.AUTHENTICATED)

    assert verdict_on(proved, lane=lane).verdict is Verdict.CLEAR


@pytest.mark.statement(41)
@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (ChipOutcome.NO_ANSWER, Reason.CHIP_NO_ANSWER),
        (ChipOutcome.ABSENT, Reason.CHIP_ABSENT),
        (ChipOutcome.WRONG_ANSWER, Reason.WRONG_CHIP_ANSWER),
        (ChipOutcome.NOT_ASKED, Reason.NOT_AUTHENTICATED),
        (None, Reason.NOT_AUTHENTICATED),
    ],
)
def test_each_outcome_has_a_reason_of_its_own(outcome: ChipOutcome | None, reason: Reason) -> None:
    card = replace(a_card(), chip=outcome)
    assert verdict_on(card, lane=a_lane(needs_chip=True)).reasons == (reason,)
    if outcome is not ChipOutcome.WRONG_ANSWER:
        assert verdict_on(card).verdict is Verdict.CLEAR


@pytest.mark.statement(41)
def test_a_wrong_answer_of_the_chip_refers_in_every_lane() -> None:
    forged = replace(a_card(), chip=ChipOutcome.WRONG_ANSWER)

    assert verdict_on(forged).reasons == (Reason.WRONG_CHIP_ANSWER,)


@pytest.mark.statement(46)
@pytest.mark.fault(20)
def test_a_count_that_differs_turns_clear_into_refer() -> None:
    decision = verdict_on(*(a_card(name) for name in ("ana", "ben", "carla", "dora")))

    assert check_count(decision, 4).verdict is Verdict.CLEAR
    five = check_count(decision, 5)
    assert (five.verdict, five.reasons) == (Verdict.REFER, (Reason.COUNT_DIFFERS,))
    assert check_count(decision, 3).verdict is Verdict.REFER


@pytest.mark.statement(46)
def test_the_right_count_never_improves_a_verdict() -> None:
    decision = verdict_on(a_card(status=CardStatus.HELD))

    assert check_count(decision, 1).verdict is Verdict.REFER


@pytest.mark.statement(45)
def test_a_ready_lane_counts_only_those_from_sixteen_on() -> None:
    cards = (
        a_card("ana"),
        a_card("ben", age_band=AgeBand.YOUTH),
        a_card("carla", age_band=AgeBand.UNDER_16),
    )

    assert verdict_on(*cards, lane=a_lane(lane_type=LaneType.READY)).cards_counted == 2
    assert verdict_on(*cards).cards_counted == 3


def test_a_decision_shows_no_card_number_when_printed() -> None:
    decision = verdict_on(a_card())

    assert epc_of("ana").hex() not in repr(decision)
    assert str(epc_of("ana")) not in repr((decision, a_card(), a_record()))
    assert PLATE not in repr(a_vehicle())


def test_four_cards_are_decided_within_a_millisecond() -> None:
    cards = [a_card(name) for name in ("ana", "ben", "carla", "dora")]
    lane, known, vehicle = a_lane(), a_list(), a_vehicle()

    def once() -> float:
        start = time.perf_counter()
        decide(cards, vehicle, lane=lane, known=known, now=NOW)
        return time.perf_counter() - start

    assert min(once() for _ in range(20)) < 0.001


@pytest.mark.statement(45)
def test_a_vehicle_is_proved_only_where_its_plate_was_compared_and_agrees() -> None:
    unknown = replace(a_card(), record=None)
    copied = replace(a_card(), tid=tid_of("another chip"))
    elsewhere = a_lane(lane_type=LaneType.NEXUS)

    assert verdict_on(a_card()).vehicle_proved
    for decision in (
        verdict_on(unknown),
        verdict_on(copied),
        verdict_on(a_card(), vehicle=None),
        verdict_on(a_card(), vehicle=a_vehicle("8XYZ999")),
        verdict_on(a_card(), vehicle=a_vehicle("7A8C123")),
        verdict_on(a_card(programs=frozenset({"nexus"})), lane=elsewhere),
    ):
        assert not decision.vehicle_proved
