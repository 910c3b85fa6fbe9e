import hashlib
from datetime import date

import pytest

from services.enrollment.domain.birthday import AgeBand
from services.enrollment.domain.card import Status as CardStatus
from services.enrollment.domain.credential import Status, describe, status_of
from services.enrollment.domain.membership import Status as MembershipStatus
from shared.plates import plate_mark
from tests.unit.enrollment.builders import TID, TODAY, birth, card, form, membership, vehicle


@pytest.mark.parametrize("member", sorted(MembershipStatus))
@pytest.mark.parametrize("card_status", sorted(CardStatus))
def test_only_an_active_card_of_an_active_member_is_active(
    member: MembershipStatus, card_status: CardStatus
) -> None:
    said = status_of(member, card_status)

    both = (member, card_status) == (MembershipStatus.ACTIVE, CardStatus.ACTIVE)
    assert (said is Status.ACTIVE) is both
    if card_status is CardStatus.ACTIVE:
        assert said.value == member.value


@pytest.mark.parametrize(
    ("card_status", "said"),
    [
        (CardStatus.ORDERED, Status.INACTIVE),
        (CardStatus.MAILED, Status.INACTIVE),
        (CardStatus.LOST, Status.ENDED),
        (CardStatus.REPLACED, Status.ENDED),
        (CardStatus.LAPSED, Status.ENDED),
    ],
)
def test_a_card_that_is_not_in_use_says_so(card_status: CardStatus, said: Status) -> None:
    assert status_of(MembershipStatus.ACTIVE, card_status) is said


@pytest.mark.statement(36)
def test_the_feed_says_nothing_of_a_person() -> None:
    member = membership()

    said = describe(member, card(member), today=TODAY)

    assert said.tid_digest == hashlib.sha256(TID).digest()
    assert said.valid_until == date(2031, 7, 14)
    assert said.plates == (plate_mark(TID, "CA", "8ABC123"),)
    shown = repr(said)
    assert not [word for word in ("Maribel", "8ABC123", "1990", TID.hex()) if word in shown]


def test_the_feed_says_the_age_band_and_not_the_age() -> None:
    minor = membership(filled=form(birth=birth(date(2012, 1, 1))))

    assert describe(minor, card(minor), today=TODAY).age_band is AgeBand.UNDER_16


def test_no_more_than_four_plates_are_marked() -> None:
    many = membership(filled=form(vehicles=tuple(vehicle(plate=f"P{n}") for n in range(6))))

    assert len(describe(many, card(many), today=TODAY).plates) == 4
