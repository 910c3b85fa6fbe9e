from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.lane_gateway.domain.challenge import LIFE, ChallengeBook, ChallengeGone
from services.lane_gateway.domain.passkey import OwnPasskey, Passkey, PasskeyGone, Standing
from services.lane_gateway.domain.roster import (
    CLOCK_MAY_BE_BEHIND,
    PasskeyCopied,
    Roster,
    RosterEntry,
    RosterTooOld,
    count_on,
)

NOW = datetime(2026, 12, 3, 8, 31, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
ENTRY = RosterEntry(
    passkey_id=UUID(int=7),
    credential_id="q83v",
    public_key="pQEC",
    officer="boris",
    authority="http://localhost:8080",
    roles=frozenset({"booth"}),
)
ROSTER = Roster(
    number=7, issued_at=NOW, valid_until=NOW + timedelta(days=7), entries={"q83v": ENTRY}
)
PASSKEY = Passkey(
    id=UUID(int=7),
    credential_id="q83v",
    public_key="pQEC",
    officer="boris",
    authority="http://localhost:8080",
    roles=("booth",),
    name="Boris Díaz",
    label="the blue one",
    sign_count=3,
    added_at=NOW,
)


def test_a_roster_holds_until_its_end_and_not_a_moment_longer() -> None:
    ROSTER.check(ROSTER.valid_until - A_MOMENT)

    with pytest.raises(RosterTooOld):
        ROSTER.check(ROSTER.valid_until)


def test_a_roster_from_the_future_says_that_the_clock_is_wrong() -> None:
    ROSTER.check(NOW - CLOCK_MAY_BE_BEHIND)

    with pytest.raises(RosterTooOld):
        ROSTER.check(NOW - CLOCK_MAY_BE_BEHIND - A_MOMENT)


def test_a_roster_vouches_for_its_passkey_its_officer_and_no_more_roles() -> None:
    booth, port = frozenset({"booth"}), frozenset({"booth", "port"})

    assert ROSTER.vouches("q83v", "boris", booth)
    assert not ROSTER.vouches("q83v", "olga", booth)
    assert not ROSTER.vouches("q83v", "boris", port)
    assert not ROSTER.vouches("r83v", "boris", booth)


def test_a_counter_rises_or_was_never_used() -> None:
    assert count_on(0, 0) == 0
    assert count_on(3, 4) == 4
    for known, told in ((3, 3), (3, 2), (3, 0), (1, 1)):
        with pytest.raises(PasskeyCopied):
            count_on(known, told)


def test_a_challenge_is_for_its_purpose_and_used_once() -> None:
    book = ChallengeBook()
    book.ask("override l1", b"one", now=NOW)

    with pytest.raises(ChallengeGone):
        book.take("override l2", now=NOW)
    assert book.take("override l1", now=NOW) == b"one"
    with pytest.raises(ChallengeGone):
        book.take("override l1", now=NOW)


def test_a_challenge_lives_for_a_minute_at_most() -> None:
    book = ChallengeBook()
    assert timedelta(seconds=60) >= LIFE
    book.ask("a", b"one", now=NOW)
    assert book.take("a", now=NOW + LIFE - A_MOMENT) == b"one"
    book.ask("a", b"two", now=NOW)

    with pytest.raises(ChallengeGone):
        book.take("a", now=NOW + LIFE)


def test_a_new_challenge_takes_the_place_of_the_one_before() -> None:
    book = ChallengeBook()
    book.ask("a", b"one", now=NOW)
    book.ask("a", b"two", now=NOW)

    assert book.take("a", now=NOW) == b"two"


def test_nobody_fills_the_memory_by_asking() -> None:
    book = ChallengeBook(most=3)
    for name in "abcd":
        book.ask(name, name.encode(), now=NOW)

    with pytest.raises(ChallengeGone):
        book.take("a", now=NOW)
    assert [book.take(name, now=NOW) for name in "bcd"] == [b"b", b"c", b"d"]


def test_nobody_confirms_their_own_passkey_nor_one_that_was_dropped() -> None:
    PASSKEY.check_confirmation("paula")

    with pytest.raises(OwnPasskey):
        PASSKEY.check_confirmation("boris")
    with pytest.raises(PasskeyGone):
        replace(PASSKEY, dropped_at=NOW).check_confirmation("paula")


def test_a_passkey_waits_is_confirmed_or_was_dropped_whatever_came_before() -> None:
    confirmed = replace(PASSKEY, confirmed_at=NOW)

    assert PASSKEY.standing is Standing.WAITING
    assert confirmed.standing is Standing.CONFIRMED
    assert replace(confirmed, dropped_at=NOW).standing is Standing.DROPPED


def test_no_name_of_an_officer_is_in_a_passkeys_representation() -> None:
    assert "Díaz" not in repr(PASSKEY)
    assert "blue" not in repr(PASSKEY)
