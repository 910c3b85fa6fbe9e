"""What birth dates, countries and documents say for or against one person, in bits.

Evidence is graded and signed: a date that agrees in full adds much, one whose day and month are
swapped a little less, one that contradicts takes away. None of it ever shuts a name out.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from services.vetting.domain.watchlist.birth_date import BirthDate

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


class DateAgreement(StrEnum):
    """How the applicant's birth date stands to one of the entry's."""

    SAME = "same"
    SAME_NEW_YEAR = "same_new_year"
    """Both say 1 January, which often means that only the year is known."""

    SWAPPED = "day_and_month_swapped"
    OTHER_YEAR_NEAR = "year_off_by_one"
    OTHER_YEAR_SLIP = "year_off_by_a_digit"
    OTHER_DAY = "day_differs"
    OTHER_MONTH = "month_differs"
    SAME_YEAR_KNOWN = "year_agrees"
    NEAR_YEAR = "year_close"
    OTHER_DAY_AND_MONTH = "day_and_month_differ"
    CLOSE_CONFLICT = "near_in_time"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


DATE_POINTS = {
    DateAgreement.SAME: 14.0,
    DateAgreement.SAME_NEW_YEAR: 8.0,
    DateAgreement.SWAPPED: 10.5,
    DateAgreement.OTHER_YEAR_NEAR: 9.0,
    DateAgreement.OTHER_YEAR_SLIP: 6.5,
    DateAgreement.OTHER_DAY: 4.5,
    DateAgreement.OTHER_MONTH: 4.5,
    DateAgreement.SAME_YEAR_KNOWN: 4.5,
    DateAgreement.NEAR_YEAR: 1.5,
    DateAgreement.OTHER_DAY_AND_MONTH: -3.0,
    DateAgreement.CLOSE_CONFLICT: -6.0,
    DateAgreement.CONFLICT: -10.0,
    DateAgreement.UNKNOWN: 0.0,
}
ORDER = tuple(DateAgreement)
_POINTS = np.array([DATE_POINTS[how] for how in ORDER], dtype=np.float32)

COUNTRY_AGREES, COUNTRY_DIFFERS = 1.5, -1.5
DOCUMENT_AGREES = 20.0
SHORTEST_NUMBER = 5
"""Shorter document numbers agree by chance."""


@dataclass(frozen=True, kw_only=True)
class DateColumns:
    """Listed birth dates, a row each."""

    year: NDArray[np.int32]
    month: NDArray[np.int32]
    day: NDArray[np.int32]
    first_year: NDArray[np.int32]
    last_year: NDArray[np.int32]
    exact: Flags

    @classmethod
    def of(cls, dates: list[BirthDate]) -> "DateColumns":
        """Lay the dates out in columns."""
        return cls(
            year=np.array([d.year for d in dates], dtype=np.int32),
            month=np.array([d.month for d in dates], dtype=np.int32),
            day=np.array([d.day for d in dates], dtype=np.int32),
            first_year=np.array([d.years[0] for d in dates], dtype=np.int32),
            last_year=np.array([d.years[-1] for d in dates], dtype=np.int32),
            exact=np.array([d.is_full for d in dates], dtype=np.bool_),
        )


def compare_dates(given: BirthDate, listed: DateColumns) -> NDArray[np.int8]:
    """Return, for each listed date, how the given one agrees: a position in ``ORDER``."""
    near_year = (given.years[0] <= listed.last_year + 1) & (
        given.years[-1] >= listed.first_year - 1
    )
    in_years = (given.years[0] <= listed.last_year) & (given.years[-1] >= listed.first_year)
    loose = np.select(
        [in_years & _months_clash(given, listed), in_years, near_year],
        [_at(DateAgreement.NEAR_YEAR), _at(DateAgreement.SAME_YEAR_KNOWN),
         _at(DateAgreement.NEAR_YEAR)],
        _at(DateAgreement.CONFLICT),
    )  # fmt: skip
    if not given.is_full:
        return loose.astype(np.int8)
    return np.where(listed.exact, _compare_full(given, listed), loose).astype(np.int8)


def points_of(agreements: NDArray[np.int8]) -> Floats:
    """Return the bits of each agreement."""
    return _POINTS[agreements]


def _months_clash(given: BirthDate, listed: DateColumns) -> Flags:
    clash = (given.month != 0) & (listed.month != 0) & (listed.month != given.month)
    return np.asarray(clash, dtype=np.bool_)


def _compare_full(given: BirthDate, listed: DateColumns) -> NDArray[np.int_]:
    year, month, day = (
        listed.year == given.year,
        listed.month == given.month,
        listed.day == given.day,
    )
    swapped = (listed.month == given.day) & (listed.day == given.month)
    apart = abs(listed.year - given.year)
    new_year = given.month == given.day == 1
    return np.select(
        [
            year & month & day & new_year,
            year & month & day,
            year & swapped,
            month & day & (apart == 1),
            month & day & _digit_slip(given.year, listed.year),
            year & month,
            year & day,
            year,
            (apart <= 1),
        ],
        [
            _at(DateAgreement.SAME_NEW_YEAR),
            _at(DateAgreement.SAME),
            _at(DateAgreement.SWAPPED),
            _at(DateAgreement.OTHER_YEAR_NEAR),
            _at(DateAgreement.OTHER_YEAR_SLIP),
            _at(DateAgreement.OTHER_DAY),
            _at(DateAgreement.OTHER_MONTH),
            _at(DateAgreement.OTHER_DAY_AND_MONTH),
            _at(DateAgreement.CLOSE_CONFLICT),
        ],
        _at(DateAgreement.CONFLICT),
    )


def _digit_slip(year: int, years: NDArray[np.int32]) -> Flags:
    """Whether one digit differs, or the last two are swapped."""
    century, last_two = divmod(year, 100)
    swapped = 100 * century + 10 * (last_two % 10) + last_two // 10
    apart = np.abs(years - year)
    same_decade = years // 10 == year // 10
    same_last_digit = (apart % 10 == 0) & (apart < 10 * 10)
    return np.asarray(same_decade | same_last_digit | (years == swapped), dtype=np.bool_)


def _at(how: DateAgreement) -> int:
    return ORDER.index(how)
