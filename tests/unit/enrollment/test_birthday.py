from datetime import date

import pytest

from services.enrollment.domain.birthday import AgeBand, age, age_band, birthday
from services.enrollment.domain.membership import term_end


@pytest.mark.parametrize(
    ("on", "years"), [(date(2026, 7, 13), 35), (date(2026, 7, 14), 36), (date(2026, 12, 31), 36)]
)
def test_age_moves_on_the_birthday(on: date, years: int) -> None:
    assert age(date(1990, 7, 14), on) == years


def test_one_born_on_29_february_has_the_birthday_on_28_in_other_years() -> None:
    born = date(2008, 2, 29)

    assert birthday(born, 2026) == date(2026, 2, 28)
    assert birthday(born, 2028) == date(2028, 2, 29)
    assert age(born, date(2026, 2, 27)) == 17
    assert age(born, date(2026, 2, 28)) == 18


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2010, 11, 25), AgeBand.UNDER_16),
        (date(2010, 11, 24), AgeBand.SIXTEEN_SEVENTEEN),
        (date(2008, 11, 25), AgeBand.SIXTEEN_SEVENTEEN),
        (date(2008, 11, 24), AgeBand.ADULT),
    ],
)
def test_age_bands_change_on_birthdays(born: date, band: AgeBand) -> None:
    assert age_band(born, date(2026, 11, 24)) == band


@pytest.mark.statement(13)
@pytest.mark.parametrize(
    ("born", "anchor", "end"),
    [
        (date(1990, 7, 14), date(2026, 3, 1), date(2031, 7, 14)),
        (date(1990, 7, 14), date(2026, 12, 31), date(2031, 7, 14)),
        (date(1990, 1, 1), date(2026, 1, 1), date(2031, 1, 1)),
        (date(1988, 2, 29), date(2026, 5, 5), date(2031, 2, 28)),
        (date(1988, 2, 29), date(2027, 5, 5), date(2032, 2, 29)),
    ],
)
def test_the_term_ends_on_the_birthday_of_the_fifth_year(
    born: date, anchor: date, end: date
) -> None:
    assert term_end(born=born, anchor=anchor, years=5) == end
