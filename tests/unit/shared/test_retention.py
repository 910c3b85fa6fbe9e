from datetime import UTC, date, datetime, timedelta

import pytest

from services.enrollment.domain import retention as enrollment
from services.lane_gateway.domain import retention as lane_gateway
from services.vetting.domain import retention as vetting
from shared.errors import NotFound
from shared.retention import RetentionRow, Unit, kinds, row_in_force

BEGAN = date(2026, 3, 1)


def row(keeps: int, unit: Unit, *, since: date = date(2026, 1, 1)) -> RetentionRow:
    return RetentionRow(kind="drafts", keeps=keeps, unit=unit, source="a law", effective_from=since)


def is_kept(rule: RetentionRow, began: date, today: date) -> bool:
    return rule.first_kept(today) <= began


@pytest.mark.parametrize("days", [1, 90, 180])
def test_a_record_is_kept_through_its_last_day_and_not_on_the_next(days: int) -> None:
    rule = row(days, Unit.DAYS)

    assert is_kept(rule, BEGAN, BEGAN + timedelta(days=days))
    assert not is_kept(rule, BEGAN, BEGAN + timedelta(days=days + 1))


@pytest.mark.parametrize(
    ("began", "last"),
    [
        (date(2026, 3, 1), date(2029, 3, 1)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2025, 3, 1), date(2028, 3, 1)),
    ],
)
def test_three_years_end_on_the_same_day_of_the_calendar(began: date, last: date) -> None:
    rule = row(3, Unit.YEARS)

    assert is_kept(rule, began, last)
    assert not is_kept(rule, began, last + timedelta(days=1))


def test_days_are_those_of_utc_whatever_zone_the_clock_has() -> None:
    late = datetime.fromisoformat("2026-03-01T23:30:00-08:00")

    assert row(1, Unit.DAYS).keeps_from(late) == datetime(2026, 3, 1, tzinfo=UTC)


def test_the_row_in_force_is_the_newest_that_has_begun() -> None:
    rows = [row(180, Unit.DAYS), row(30, Unit.DAYS, since=date(2026, 7, 1))]

    assert row_in_force(rows, "drafts", date(2026, 6, 30)).keeps == 180
    assert row_in_force(rows, "drafts", date(2026, 7, 1)).keeps == 30
    with pytest.raises(NotFound):
        row_in_force(rows, "drafts", date(2025, 12, 31))
    with pytest.raises(NotFound):
        row_in_force(rows, "crossings", date(2026, 7, 1))


def test_the_services_keep_what_the_design_says() -> None:
    every = (*enrollment.RETENTION, *vetting.RETENTION, *lane_gateway.RETENTION)

    assert [(each.kind, each.keeps, str(each.unit)) for each in every] == [
        ("drafts", 180, "days"),
        ("unsuccessful_applications", 3, "years"),
        ("crossings", 90, "days"),
        ("closed_cases", 3, "years"),
        ("lane_words", 90, "days"),
        ("chip_challenges", 1, "days"),
    ]
    assert len(kinds(every)) == len(every)
    assert all(each.source for each in every)
