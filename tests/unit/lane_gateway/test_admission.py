from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.lane_gateway.domain.admission import (
    CardEvidence,
    Reason,
    Verdict,
)
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.lane_policy import (
    STARTING_ROWS,
    Admittance,
    Direction,
    LaneType,
    ProgramRow,
)
from tests.unit.lane_gateway.builders import (
    NOW,
    a_card,
    a_lane,
    a_list,
    epc_of,
    named,
    tid_of,
)
from tests.unit.lane_gateway.verdicts import verdict_on


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


@pytest.mark.statement(42)
def test_a_card_that_was_in_two_places_is_referred_however_new_the_list_is() -> None:
    decided = verdict_on(a_card(list_age_limit_s=0), known=a_list(age=timedelta(0)))

    assert decided.verdict is Verdict.REFER
    assert decided.reasons == (Reason.NUMBER_IN_TWO_PLACES,)
