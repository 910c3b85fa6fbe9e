import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.lane_gateway.domain.admission import (
    CardEvidence,
    Decision,
    Reason,
    VehicleEvidence,
    Verdict,
    check_count,
    decide,
)
from services.lane_gateway.domain.credentials import AgeBand, CardStatus
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.lane_policy import (
    STARTING_ROWS,
    Admittance,
    Direction,
    LanePolicy,
    LaneType,
    ProgramRow,
)
from services.lane_gateway.domain.list_age import ListState
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
    named,
    tid_of,
)

ALL_FIT: VehicleEvidence = a_vehicle()


def verdict_on(
    *cards: CardEvidence,
    vehicle: VehicleEvidence | None = ALL_FIT,
    lane: LanePolicy | None = None,
    known: ListState | None = None,
    now: datetime = NOW,
) -> Decision:
    return decide(cards, vehicle, lane=lane or a_lane(), known=known or a_list(), now=now)


@pytest.mark.statement(45)
def test_a_member_in_an_enrolled_vehicle_is_clear() -> None:
    decision = verdict_on(a_card())

    assert decision.verdict is Verdict.CLEAR
    assert decision.reasons == ()
    assert decision.cards[0].credential_id == named("ana")
    assert (decision.list_number, decision.at) == (4711, NOW)


@pytest.mark.statement(45)
def test_one_occupant_with_a_bad_card_refers_the_whole_car() -> None:
    decision = verdict_on(a_card("ana"), a_card("ben", status=CardStatus.SUSPENDED))

    assert decision.verdict is Verdict.REFER
    assert decision.reasons == (Reason.SUSPENDED,)
    assert [card.reasons for card in decision.cards] == [(), (Reason.SUSPENDED,)]


@pytest.mark.statement(45)
def test_the_vehicle_needs_to_be_enrolled_to_one_of_the_cards_only() -> None:
    assert verdict_on(a_card("ana"), a_card("ben", plates=())).verdict is Verdict.CLEAR


@pytest.mark.statement(45)
@pytest.mark.fault(23)
def test_a_vehicle_without_a_card_is_referred() -> None:
    assert verdict_on().reasons == (Reason.NO_CARD,)


def test_a_number_that_the_list_does_not_know_is_referred() -> None:
    unknown = CardEvidence(epc=epc_of("zoe"), tid=tid_of("zoe"), record=None)

    decision = verdict_on(unknown)

    assert decision.verdict is Verdict.REFER
    assert decision.reasons == (Reason.UNKNOWN_NUMBER,)
    assert decision.cards[0].credential_id is None


@pytest.mark.fault(21)
@pytest.mark.parametrize(
    ("tid", "reason"), [(tid_of("copy"), Reason.TID_MISMATCH), (None, Reason.TID_UNREAD)]
)
def test_a_chip_number_that_is_wrong_or_unread_refers(tid: bytes | None, reason: Reason) -> None:
    decision = verdict_on(a_card(tid=tid))

    assert decision.verdict is Verdict.REFER
    assert decision.reasons == (reason,)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (CardStatus.INACTIVE, Reason.INACTIVE),
        (CardStatus.HELD, Reason.HELD),
        (CardStatus.SUSPENDED, Reason.SUSPENDED),
        (CardStatus.REVOKED, Reason.REVOKED),
        (CardStatus.ENDED, Reason.ENDED),
    ],
)
def test_every_status_but_active_refers_under_its_own_name(
    status: CardStatus, reason: Reason
) -> None:
    assert verdict_on(a_card(status=status)).reasons == (reason,)


def test_a_card_is_valid_through_its_last_day_in_the_zone_of_the_port() -> None:
    card = a_card(valid_until=date(2026, 11, 24))
    last_second = datetime(2026, 11, 25, 7, 59, 59, tzinfo=UTC)

    assert verdict_on(card, now=last_second).verdict is Verdict.CLEAR
    assert verdict_on(card, now=last_second + timedelta(seconds=1)).reasons == (Reason.EXPIRED,)


@pytest.mark.statement(52)
def test_a_member_in_grace_passes_without_extra_paper() -> None:
    card = a_card(valid_until=date(2026, 5, 17), grace_until=date(2026, 11, 24))

    decision = verdict_on(card)

    assert decision.verdict is Verdict.CLEAR
    assert decision.cards[0].in_grace
    assert verdict_on(card, now=NOW + timedelta(days=1)).reasons == (Reason.EXPIRED,)


@pytest.mark.parametrize("age", [None, timedelta(hours=72, microseconds=1)])
def test_a_list_too_old_or_of_unknown_age_refers_everybody(age: timedelta | None) -> None:
    assert verdict_on(a_card(), known=a_list(age=age)).reasons == (Reason.STALE_LIST,)


def test_a_list_of_some_hours_still_clears() -> None:
    known = a_list(age=timedelta(hours=72))

    assert verdict_on(a_card(), known=known).verdict is Verdict.CLEAR


def test_a_flagged_member_needs_a_list_of_at_most_four_hours() -> None:
    card = a_card(list_age_limit_s=14_400)

    assert verdict_on(card, known=a_list(age=timedelta(hours=4))).verdict is Verdict.CLEAR
    late = verdict_on(card, known=a_list(age=timedelta(hours=4, seconds=1)))
    assert late.reasons == (Reason.MEMBER_LIST_AGE,)


@pytest.mark.statement(53)
def test_the_wrong_lane_alone_redirects() -> None:
    decision = verdict_on(a_card("ana"), a_card("ben", programs=frozenset({"nexus"})))

    assert decision.verdict is Verdict.REDIRECT
    assert decision.reasons == (Reason.WRONG_LANE,)


@pytest.mark.statement(53)
def test_the_wrong_lane_beside_another_reason_refers() -> None:
    card = a_card(programs=frozenset({"nexus"}), status=CardStatus.REVOKED)

    assert verdict_on(card).verdict is Verdict.REFER


@pytest.mark.statement(48)
def test_program_lane_and_direction_are_rows_and_policy_may_change_one() -> None:
    nexus_lane = a_lane(lane_type=LaneType.NEXUS)
    row = ProgramRow(
        program="sentri",
        lane_type=LaneType.NEXUS,
        direction=Direction.INBOUND,
        admittance=Admittance.ADMIT,
    )
    changed = replace(nexus_lane, rows=(row, *STARTING_ROWS))

    assert verdict_on(a_card(), lane=nexus_lane).verdict is Verdict.REDIRECT
    assert verdict_on(a_card(), lane=changed).verdict is Verdict.CLEAR
    assert (
        verdict_on(a_card(), lane=replace(changed, direction=Direction.OUTBOUND)).verdict
        is Verdict.REDIRECT
    )


@pytest.mark.statement(48)
def test_a_global_entry_card_serves_in_a_sentri_lane() -> None:
    assert verdict_on(a_card(programs=frozenset({"global_entry"}))).verdict is Verdict.CLEAR


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
    silent = replace(a_card(), chip=ChipOutcome.NO_ANSWER)

    assert verdict_on(proved, lane=lane).verdict is Verdict.CLEAR
    assert verdict_on(silent, lane=lane).reasons == (Reason.NOT_AUTHENTICATED,)
    assert verdict_on(silent).verdict is Verdict.CLEAR


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
