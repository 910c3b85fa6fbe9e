import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.enrollment.domain.card import (
    ALLOWED,
    LOCK_TIME,
    MAX_TRIES,
    ActivationLapsed,
    Card,
    CardMismatch,
    Status,
    TooManyTries,
    chip_content,
)
from services.enrollment.domain.transitions import IllegalTransition
from services.enrollment.use_cases.drawing import draw_passid, draw_secrets
from shared.errors import InvalidInput
from tests.unit.enrollment.builders import NOON, TID, TODAY, card, membership, secrets

VERBS: dict[Status, Callable[[Card], None]] = {
    Status.LAPSED: Card.lapse,
    Status.REPLACED: Card.replace,
    Status.ENDED: Card.end,
    Status.LOST: lambda c: c.report(Status.LOST),
    Status.STOLEN: lambda c: c.report(Status.STOLEN),
    Status.DAMAGED: lambda c: c.report(Status.DAMAGED),
    Status.MAILED: lambda c: c.mail(today=TODAY, activation_days=30),
}


def in_state(status: Status) -> Card:
    made = card(membership())
    made.status = status
    return made


def mailed() -> Card:
    made = card(membership())
    made.encoded(epc=made.epc, tid=TID)
    made.mail(today=TODAY, activation_days=30)
    return made


def attempt(made: Card, *, right: bool, days: int = 0, hours: float = 0) -> bool:
    now = NOON + timedelta(days=days, hours=hours)
    return made.activate(code_right=right, today=TODAY + timedelta(days=days), now=now)


@pytest.mark.parametrize("wanted", sorted(VERBS))
@pytest.mark.parametrize("current", sorted(Status))
def test_every_verb_keeps_to_the_table(current: Status, wanted: Status) -> None:
    made = in_state(current)
    if wanted in ALLOWED[current]:
        VERBS[wanted](made)
        assert made.status is wanted
    else:
        with pytest.raises(IllegalTransition):
            VERBS[wanted](made)


@pytest.mark.statement(36)
def test_the_chip_holds_a_random_number_and_nothing_of_a_person() -> None:
    content = chip_content(secrets(), bytes(16))
    names = {field.name for field in dataclasses.fields(content)}

    assert names == {"epc", "access_password", "kill_password", "chip_key", "user", "locked"}
    assert (content.user, content.chip_key) == (b"", bytes(16))
    assert chip_content(secrets()).chip_key is None
    banks = content.epc + content.access_password + content.kill_password + content.user
    person = membership()
    for value in (b"Maribel", b"G12345678", b"8ABC123", person.id.bytes, person.person_id.bytes):
        assert value not in banks


@pytest.mark.statement(37)
@pytest.mark.parametrize(("days", "works"), [(0, True), (30, True), (31, False)])
def test_a_card_is_activated_within_30_days(days: int, *, works: bool) -> None:
    made = mailed()
    if works:
        assert attempt(made, right=True, days=days)
        assert made.status is Status.ACTIVE
    else:
        with pytest.raises(ActivationLapsed):
            attempt(made, right=True, days=days)


@pytest.mark.statement(37)
def test_wrong_codes_lock_the_activation_for_a_while() -> None:
    made = mailed()

    for left in range(MAX_TRIES - 1, 0, -1):
        assert not attempt(made, right=False)
        assert made.tries_left == left
    assert not attempt(made, right=False)
    with pytest.raises(TooManyTries):
        attempt(made, right=True)
    with pytest.raises(TooManyTries):
        attempt(made, right=True, hours=LOCK_TIME.total_seconds() / 3600 - 0.001)
    assert attempt(made, right=True, hours=LOCK_TIME.total_seconds() / 3600)


@pytest.mark.statement(37)
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.MAILED, Status.LAPSED}))
def test_only_a_mailed_card_is_activated(status: Status) -> None:
    with pytest.raises(IllegalTransition):
        attempt(in_state(status), right=True)


@pytest.mark.statement(43)
@pytest.mark.parametrize(
    "wrong",
    [
        {"access_password": bytes(4)},
        {"kill_password": bytes(4)},
        {"kill_password": b"\xff\xff\xff\xff"},
        {"access_password": b"\x11" * 4},
        {"kill_password": bytes.fromhex("11223344")},
        {"access_password": b"abc"},
        {"epc": bytes(12)},
        {"epc": b"short"},
        {"security_code": "12345"},
        {"security_code": "12345a"},
    ],
)
def test_zero_and_default_passwords_are_refused(wrong: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match=r"."):
        secrets(**wrong)


@pytest.mark.statement(43)
def test_a_draw_that_gives_a_default_password_is_drawn_again() -> None:
    draws = iter(
        [b"\x01" * 12, bytes(4), b"abcd", b"x" * 16, b"\x02" * 12, b"abcd", b"efgh", b"y" * 16]
    )

    drawn = draw_secrets(lambda _count: next(draws))

    assert (drawn.epc, drawn.access_password, drawn.kill_password) == (
        b"\x02" * 12,
        b"abcd",
        b"efgh",
    )


@pytest.mark.statement(43)
def test_both_passwords_and_the_number_are_locked() -> None:
    assert {"kill", "access", "epc"} <= set(chip_content(secrets()).locked)


def test_a_printed_number_has_nine_digits() -> None:
    assert draw_passid(bytes) == "100000000"
    assert len(draw_passid(lambda count: b"\xff" * count)) == 9


@pytest.mark.parametrize("tid", [b"", bytes(12), b"short", b"x" * 13])
def test_a_tid_that_no_chip_has_is_refused(tid: bytes) -> None:
    with pytest.raises(InvalidInput):
        card(membership(), tid=tid)


def test_a_card_that_reads_back_differently_is_not_handed_over() -> None:
    made = card(membership())

    with pytest.raises(CardMismatch):
        made.encoded(epc=b"x" * 12, tid=TID)
    with pytest.raises(CardMismatch):
        made.encoded(epc=made.epc, tid=b"y" * 12)
    assert made.status is Status.ORDERED


def test_secrets_are_not_shown() -> None:
    shown = repr(card(membership()))

    assert "314159" not in shown
    assert "11223344" not in shown
    assert TID.hex() not in shown
