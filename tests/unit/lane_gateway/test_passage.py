from datetime import timedelta
from typing import Any

import pytest

from services.lane_gateway.domain.admission import Decision, Reason, Verdict, decide
from services.lane_gateway.domain.authorisation import Authorisation, AuthorisationKind
from services.lane_gateway.domain.card_in_vehicle import CardInVehicle
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    PassageAuthorised,
    PassageDecided,
    PassageEnd,
    PassageEnded,
    PassageOpened,
    PassageReturned,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.passage import ALLOWED, Passage, PassageState
from shared.errors import Conflict
from tests.unit.lane_gateway.builders import (
    LANE,
    NOW,
    OFFICER,
    a_card,
    a_lane,
    a_list,
    a_record,
    a_vehicle,
    epc_of,
    named,
    tid_of,
)


def a_passage() -> Passage:
    return Passage.open(named("passage"), lane=LANE, mode=LaneMode.ATTENDED)


def a_decision(**card: Any) -> Decision:
    return decide([a_card(**card)], a_vehicle(), lane=a_lane(), known=a_list(), now=NOW)


def an_authorisation(**changes: Any) -> Authorisation:
    values: dict[str, Any] = {
        "id": named("authorisation"),
        "lane": LANE,
        "passage_id": named("passage"),
        "kind": AuthorisationKind.CLEAR,
        "verdict": Verdict.CLEAR,
        "officer": OFFICER,
        "counted": 1,
        "cards_counted": 1,
        "granted": 10.0,
        "open_by": 13.0,
    }
    return Authorisation(**values | changes)


def read(passage: Passage, name: str, *, times: int = 1, tid: bool = True) -> list[bool]:
    number = tid_of(name) if tid else None
    return [
        passage.see_card(TagRead(epc=epc_of(name), tid=number, arrived=float(turn)), now=NOW)
        for turn in range(times)
    ]


@pytest.mark.fault(18)
def test_a_card_read_four_hundred_times_is_news_once() -> None:
    assert sum(read(a_passage(), "ana", times=400)) == 1


def test_a_chip_number_read_later_is_news() -> None:
    passage = a_passage()

    assert read(passage, "ana", tid=False) == [True]
    assert read(passage, "ana") == [True]
    assert read(passage, "ana", tid=False) == [False]


@pytest.mark.fault(21)
def test_a_second_chip_with_the_same_number_is_what_counts() -> None:
    card = CardInVehicle(epc=epc_of("ana"), tids={tid_of("ana"), tid_of("copy")})

    assert card.evidence(a_record("ana")).tid == tid_of("copy")


def test_the_officers_plate_stands_above_the_camera() -> None:
    passage = a_passage()

    assert passage.see_vehicle(a_vehicle("7A8C123", confidence=0.9))
    assert not passage.see_vehicle(a_vehicle("7ABC128", confidence=0.8))
    assert passage.see_vehicle(a_vehicle(by_officer=True))
    assert not passage.see_vehicle(a_vehicle("8XYZ999", confidence=1.0))


def test_a_vehicle_passes_step_by_step() -> None:
    passage = a_passage()
    read(passage, "ana")

    passage.decide(a_decision())
    passage.authorise(an_authorisation())
    passage.begin(now=NOW + timedelta(seconds=5))
    passage.complete(now=NOW + timedelta(seconds=8))

    events = passage.pull_events()
    assert [type(event) for event in events[:3]] == [
        PassageOpened,
        PassageDecided,
        PassageAuthorised,
    ]
    ended = events[-1]
    assert isinstance(ended, PassageEnded)
    assert ended.end is PassageEnd.PASSED
    assert ended.credential_ids == (named("ana"),)
    assert (ended.officer, ended.counted) == (OFFICER, 1)
    assert ended.authorisation_kind is AuthorisationKind.CLEAR


@pytest.mark.statement(57)
def test_a_passage_carries_its_measured_times() -> None:
    passage = a_passage()
    read(passage, "ana")
    passage.decide(a_decision())
    passage.shown_at = NOW + timedelta(milliseconds=80)
    passage.authorise(an_authorisation())
    passage.begin(now=NOW + timedelta(seconds=5))
    passage.complete(now=NOW + timedelta(seconds=8))

    ended = passage.pull_events()[-1]
    assert isinstance(ended, PassageEnded)
    times = ended.times
    assert (times.read, times.shown, times.decided, times.gate) == (
        NOW,
        NOW + timedelta(milliseconds=80),
        NOW,
        NOW + timedelta(seconds=5),
    )


def test_the_same_verdict_again_is_not_recorded_again() -> None:
    passage = a_passage()
    passage.decide(a_decision())
    passage.decide(a_decision())

    assert sum(isinstance(event, PassageDecided) for event in passage.pull_events()) == 1


@pytest.mark.fault(24)
def test_a_status_that_changes_takes_the_authorisation_back() -> None:
    passage = a_passage()
    passage.decide(a_decision())
    passage.authorise(an_authorisation())

    passage.take_back("withdrawn")
    passage.decide(a_decision(status=CardStatus.HELD))

    assert passage.state is PassageState.DECIDED
    assert passage.authorisation is None
    assert passage.decision is not None
    assert passage.decision.reasons == (Reason.HELD,)
    assert any(isinstance(event, PassageReturned) for event in passage.pull_events())


@pytest.mark.fault(35)
def test_an_authorisation_of_another_passage_is_refused() -> None:
    passage = a_passage()
    passage.decide(a_decision())

    with pytest.raises(Conflict):
        passage.authorise(an_authorisation(passage_id=named("other")))


@pytest.mark.fault(35)
def test_a_passage_is_authorised_once_only() -> None:
    passage = a_passage()
    passage.decide(a_decision())
    passage.authorise(an_authorisation())

    with pytest.raises(Conflict):
        passage.authorise(an_authorisation())


@pytest.mark.statement(51)
@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (AuthorisationKind.SECONDARY, ReferralEnd.SECONDARY),
        (AuthorisationKind.AFTER_CHECKS, ReferralEnd.AFTER_CHECKS),
    ],
)
def test_a_referral_ends_in_secondary_or_after_checks(
    kind: AuthorisationKind, end: ReferralEnd
) -> None:
    passage = a_passage()
    passage.decide(a_decision(status=CardStatus.HELD))
    passage.authorise(an_authorisation(kind=kind, verdict=Verdict.REFER, reason="papers seen"))
    passage.begin(now=NOW)
    passage.complete(now=NOW)

    closed = passage.pull_events()[-1]
    assert isinstance(closed, ReferralClosed)
    assert (closed.end, closed.officer) == (end, OFFICER)


@pytest.mark.statement(51)
def test_a_referral_ends_with_the_vehicle_turned_back() -> None:
    passage = a_passage()
    passage.decide(a_decision(status=CardStatus.HELD))

    passage.turn_back(OFFICER, "no card of two passengers", now=NOW)

    closed = passage.pull_events()[-1]
    assert isinstance(closed, ReferralClosed)
    assert closed.end is ReferralEnd.TURNED_BACK
    assert passage.over


def test_a_clear_passage_closes_no_referral() -> None:
    passage = a_passage()
    passage.decide(a_decision())
    passage.turn_back(None, "left", now=NOW)

    assert not any(isinstance(event, ReferralClosed) for event in passage.pull_events())


def test_every_transition_outside_the_table_is_refused() -> None:
    for state in PassageState:
        for target in set(PassageState) - ALLOWED[state]:
            passage = a_passage()
            passage.state = state
            with pytest.raises(Conflict):
                passage._move_to(target)  # noqa: SLF001 - the table is tested cell by cell


def test_an_event_shows_no_card_number_when_printed() -> None:
    passage = a_passage()
    read(passage, "ana")

    assert str(epc_of("ana")) not in repr(passage)
