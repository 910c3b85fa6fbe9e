"""Draw what must be random: card numbers, passwords, codes, printed numbers."""

from collections.abc import Callable
from typing import TypeVar

from services.enrollment.domain.card import (
    EPC_BYTES,
    PASSID_DIGITS,
    PASSWORD_BYTES,
    SECURITY_CODE_DIGITS,
    CardSecrets,
)
from services.enrollment.use_cases.errors import NumberTaken
from services.enrollment.use_cases.ports import CardRandomness

T = TypeVar("T")

DRAWS = 5
"""Nine digits among ten million members: five draws in a row that are all taken come once in
10**10 cards."""
_WIDE = 16
"""Bytes behind one decimal number: so many that no digit is noticeably likelier than another."""


def draw_secrets(random: CardRandomness, *, chip_master: str | None = None) -> CardSecrets:
    """Return fresh secrets; the few that a card refuses (default passwords) are drawn again."""
    while True:
        try:
            return CardSecrets(
                epc=random(EPC_BYTES),
                access_password=random(PASSWORD_BYTES),
                kill_password=random(PASSWORD_BYTES),
                security_code=_digits(random, SECURITY_CODE_DIGITS),
                chip_master=chip_master,
            )
        except ValueError:
            continue


def draw_passid(random: CardRandomness) -> str:
    """Return nine digits, the first of them not zero."""
    lowest = 10 ** (PASSID_DIGITS - 1)
    return str(lowest + int.from_bytes(random(_WIDE), "big") % (9 * lowest))


def drawn_again(act: Callable[[], T]) -> T:
    """Do ``act`` again while a number that it drew turns out to be taken."""
    for _ in range(DRAWS - 1):
        try:
            return act()
        except NumberTaken:
            continue
    return act()


def _digits(random: CardRandomness, count: int) -> str:
    return f"{int.from_bytes(random(_WIDE), 'big') % 10**count:0{count}}"
