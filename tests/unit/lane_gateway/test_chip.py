"""Challenges are used once, and count for a short time only."""

import pytest

from services.lane_gateway.domain.chip import MOST_REMEMBERED, Challenges
from services.lane_gateway.domain.evidence import ChipOutcome, ChipReply, ChipReplyKind

EPC, OTHER = b"\x01" * 12, b"\x02" * 12
VALUE = bytes(range(10))


def opened(life: float = 0.5) -> Challenges:
    challenges = Challenges()
    assert challenges.draw(EPC, VALUE, now=100.0, life=life) is not None
    return challenges


def reply(kind: ChipReplyKind = ChipReplyKind.ANSWERED, at: float = 100.2) -> ChipReply:
    return ChipReply(epc=EPC, kind=kind, answer=b"good", arrived=at)


def good(answer: bytes) -> bool:
    return answer == b"good"


@pytest.mark.statement(41)
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (ChipReplyKind.ANSWERED, ChipOutcome.AUTHENTICATED),
        (ChipReplyKind.SILENT, ChipOutcome.NO_ANSWER),
        (ChipReplyKind.ABSENT, ChipOutcome.ABSENT),
        (ChipReplyKind.NOT_SENT, ChipOutcome.NOT_ASKED),
    ],
)
def test_what_came_back_has_an_outcome(kind: ChipReplyKind, outcome: ChipOutcome) -> None:
    assert opened().judge(reply(kind), good) is outcome


@pytest.mark.statement(40)
def test_an_answer_that_does_not_prove_the_key_is_wrong() -> None:
    assert opened().judge(reply(), lambda _: False) is ChipOutcome.WRONG_ANSWER


@pytest.mark.statement(40)
def test_the_same_answer_a_second_time_belongs_to_no_challenge() -> None:
    challenges = opened()
    assert challenges.judge(reply(), good) is ChipOutcome.AUTHENTICATED
    assert challenges.judge(reply(), good) is None


@pytest.mark.statement(40)
@pytest.mark.parametrize(
    ("at", "outcome"), [(100.5, ChipOutcome.AUTHENTICATED), (100.51, ChipOutcome.NO_ANSWER)]
)
def test_an_answer_after_the_challenges_life_is_none(at: float, outcome: ChipOutcome) -> None:
    assert opened().judge(reply(at=at), good) is outcome


@pytest.mark.statement(40)
def test_a_value_is_never_sent_twice() -> None:
    challenges = opened()
    assert challenges.draw(OTHER, VALUE, now=200.0, life=0.5) is None
    assert challenges.open_for(OTHER) is None


@pytest.mark.parametrize("size", [0, 9, 11])
def test_a_value_that_is_not_80_bits_is_not_sent(size: int) -> None:
    assert Challenges().draw(EPC, bytes(size), now=0.0, life=0.5) is None


def test_a_dropped_challenge_counts_no_more() -> None:
    challenges = opened()
    challenges.drop(EPC)
    assert challenges.judge(reply(), good) is None


def test_used_values_are_remembered_for_a_day_and_not_for_ever() -> None:
    challenges = opened()
    for number in range(MOST_REMEMBERED):
        assert challenges.draw(OTHER, b"x" + number.to_bytes(9), now=0.0, life=0.5) is not None
    assert challenges.draw(EPC, b"x" + (1).to_bytes(9), now=0.0, life=0.5) is None
    assert challenges.draw(EPC, VALUE, now=0.0, life=0.5) is not None


def test_neither_challenge_nor_answer_shows_when_printed() -> None:
    challenges = opened()
    shown = repr((challenges, challenges.open_for(EPC), reply()))
    assert "good" not in shown
    assert repr(VALUE) not in shown
