"""Birthdays: ages, age bands, and the birthday of one born on 29 February."""

from datetime import date
from enum import StrEnum


class AgeBand(StrEnum):
    """The ages that a lane tells apart; a birth date would say more than a lane needs."""

    UNDER_16 = "under_16"
    SIXTEEN_SEVENTEEN = "16_17"
    ADULT = "adult"


def birthday(born: date, year: int) -> date:
    """Return the birthday in ``year``; 29 February counts as 28 February in other years."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age(born: date, on: date) -> int:
    """Return the age in whole years on ``on``."""
    return on.year - born.year - (on < birthday(born, on.year))


def age_band(born: date, on: date) -> AgeBand:
    """Return the band that the age on ``on`` falls in."""
    years = age(born, on)
    if years < 16:  # noqa: PLR2004 - the bands' names are their borders
        return AgeBand.UNDER_16
    return AgeBand.SIXTEEN_SEVENTEEN if years < 18 else AgeBand.ADULT  # noqa: PLR2004 - the same
