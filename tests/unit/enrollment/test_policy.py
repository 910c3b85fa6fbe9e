from datetime import date

import pytest

from services.enrollment.domain.money import Money
from services.enrollment.domain.policy_rows import POLICY, SENTRI
from services.enrollment.domain.program import Policy, PolicyRow, Rule, Unit
from shared.errors import NotFound


@pytest.mark.statement(1)
@pytest.mark.parametrize(
    ("day", "fee"),
    [
        (date(2024, 9, 30), Money(122_25, "USD")),
        (date(2024, 10, 1), Money(120_00, "USD")),
        (date(2026, 11, 24), Money(120_00, "USD")),
    ],
)
def test_the_fee_is_the_one_of_the_day(day: date, fee: Money) -> None:
    assert POLICY.fee(SENTRI, day) == fee


@pytest.mark.statement(1)
@pytest.mark.parametrize(
    ("rule", "day", "value"),
    [
        (Rule.LAPSE_DAYS, date(2013, 6, 1), 30),
        (Rule.LAPSE_DAYS, date(2020, 7, 1), 30),
        (Rule.LAPSE_DAYS, date(2020, 7, 2), 485),
        (Rule.LAPSE_DAYS, date(2020, 7, 20), 545),
        (Rule.LAPSE_DAYS, date(2026, 1, 1), 730),
        (Rule.GRACE_MONTHS, date(2020, 7, 19), 6),
        (Rule.GRACE_MONTHS, date(2020, 7, 20), 18),
        (Rule.GRACE_MONTHS, date(2026, 1, 1), 24),
    ],
)
def test_grace_and_lapse_are_rows_too(rule: Rule, day: date, value: int) -> None:
    assert POLICY.value(SENTRI, rule, day) == value


def test_a_day_before_the_first_row_has_no_rule() -> None:
    with pytest.raises(NotFound):
        POLICY.fee(SENTRI, date(2012, 12, 31))


def test_the_version_names_the_newest_row_in_force() -> None:
    assert POLICY.version(SENTRI, date(2024, 9, 30)) == "2023-01-10"
    assert POLICY.version(SENTRI, date(2024, 10, 1)) == "2024-10-01"


def test_every_row_has_its_source() -> None:
    assert all(row.source for row in POLICY.rows)
    assert {row.rule for row in POLICY.rows} == set(Rule)


def test_the_order_of_rows_does_not_matter() -> None:
    backwards = Policy(rows=tuple(reversed(POLICY.rows)))

    assert backwards.fee(SENTRI, date(2025, 1, 1)) == Money(120_00, "USD")


def test_a_program_is_open_from_its_first_row_on() -> None:
    row = PolicyRow(
        program="other",
        rule=Rule.FEE,
        value=1,
        unit=Unit.US_CENTS,
        valid_from=date(2030, 1, 1),
        source="a test",
    )
    policy = Policy(rows=(row,))

    assert policy.programs(date(2029, 12, 31)) == []
    assert policy.programs(date(2030, 1, 1)) == ["other"]


def test_money_shows_cents() -> None:
    assert str(Money(122_05, "USD")) == "122.05 USD"
