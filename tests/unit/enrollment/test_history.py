from datetime import date

import pytest

from services.enrollment.domain.history import Stretch, gap_flaws, gaps, look_back_start

FIRST, LAST = date(2021, 11, 24), date(2026, 11, 24)


def of(*ends: tuple[date, date | None]) -> list[Stretch]:
    return [Stretch(since=since, until=until) for since, until in ends]


@pytest.mark.statement(6)
@pytest.mark.parametrize(
    "stretches",
    [
        of((date(2010, 1, 1), None)),
        of((FIRST, LAST)),
        of((date(2024, 2, 1), None), (date(2010, 1, 1), date(2024, 1, 31))),
        of((date(2010, 1, 1), date(2024, 5, 31)), (date(2024, 2, 1), None)),
        of((FIRST, None), (date(2026, 12, 1), None)),
    ],
)
def test_a_history_without_gap_passes(stretches: list[Stretch]) -> None:
    assert list(gaps(stretches, first=FIRST, last=LAST)) == []


@pytest.mark.statement(6)
@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        (of(), [(FIRST, LAST)]),
        (of((date(2021, 11, 25), None)), [(FIRST, FIRST)]),
        (of((FIRST, date(2026, 11, 23))), [(LAST, LAST)]),
        (
            of((FIRST, date(2023, 1, 31)), (date(2023, 2, 2), None)),
            [(date(2023, 2, 1), date(2023, 2, 1))],
        ),
        (
            of((date(2022, 1, 1), date(2022, 6, 30)), (date(2024, 1, 1), date(2025, 12, 31))),
            [
                (FIRST, date(2021, 12, 31)),
                (date(2022, 7, 1), date(2023, 12, 31)),
                (date(2026, 1, 1), LAST),
            ],
        ),
    ],
)
def test_each_gap_is_named_by_its_dates(
    stretches: list[Stretch], expected: list[tuple[date, date]]
) -> None:
    assert list(gaps(stretches, first=FIRST, last=LAST)) == expected


@pytest.mark.statement(6)
def test_the_error_has_the_dates_of_the_gap() -> None:
    (flaw,) = gap_flaws("residences", of((date(2022, 1, 1), None)), first=FIRST, last=LAST)

    assert (flaw.path, flaw.code) == ("residences", "history_gap")
    assert flaw.values == {"first_day": FIRST, "last_day": date(2021, 12, 31)}


def test_the_look_back_starts_so_many_years_ago_or_at_birth() -> None:
    assert look_back_start(LAST, years=5) == FIRST
    assert look_back_start(date(2024, 2, 29), years=5) == date(2019, 2, 28)
    assert look_back_start(LAST, years=5, born=date(2024, 3, 1)) == date(2024, 3, 1)


def test_a_stretch_ends_after_it_begins_and_not_in_the_future() -> None:
    backwards = Stretch(since=date(2024, 2, 1), until=date(2024, 1, 31))
    tomorrow = Stretch(since=date(2026, 11, 25))

    assert [f.code for f in backwards.flaws(today=LAST)] == ["ends_before_it_begins"]
    assert [f.code for f in tomorrow.flaws(today=LAST)] == ["in_the_future"]
