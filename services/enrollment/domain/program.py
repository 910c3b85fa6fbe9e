"""Programs as effective-dated policy: every fee, age, limit and period is a row, never a constant.

A row is in force from ``valid_from`` until the next row of the same program and rule begins. The
date that counts is the legal date in the enrollment center's zone. Amounts are in cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.enrollment.domain.money import Money
from shared.errors import NotFound


class Rule(StrEnum):
    """What a row rules."""

    FEE = "fee"
    VALIDITY_YEARS = "validity_years"
    MINIMUM_AGE = "minimum_age"
    CONSENT_AGE = "consent_age"
    VEHICLES_PER_MEMBER = "vehicles_per_member"
    MEMBERS_PER_VEHICLE = "members_per_vehicle"
    LAPSE_DAYS = "lapse_days"
    GRACE_MONTHS = "grace_months"
    LOOK_BACK_YEARS = "look_back_years"
    ACTIVATION_DAYS = "activation_days"


class Unit(StrEnum):
    """What a row's value counts."""

    US_CENTS = "cents USD"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """One rule of one program from one day on, and where it was read."""

    program: str
    rule: Rule
    value: int
    unit: Unit
    valid_from: date
    source: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The table of all rows."""

    rows: Sequence[PolicyRow]

    def row(self, program: str, rule: Rule, on: date) -> PolicyRow:
        """Return the row in force on ``on``; raise ``NotFound`` where no row rules that day."""
        found = [
            row
            for row in self.rows
            if row.program == program and row.rule is rule and row.valid_from <= on
        ]
        if not found:
            raise NotFound(f"No {rule} of program {program} on {on.isoformat()}")
        return max(found, key=lambda row: row.valid_from)

    def value(self, program: str, rule: Rule, on: date) -> int:
        """Return the figure in force on ``on``."""
        return self.row(program, rule, on).value

    def fee(self, program: str, on: date) -> Money:
        """Return what an application sent on ``on`` costs."""
        return Money(self.value(program, Rule.FEE, on), "USD")

    def version(self, program: str, on: date) -> str:
        """Name the set of rows in force on ``on``: the day on which the newest of them began."""
        days = [r.valid_from for r in self.rows if r.program == program and r.valid_from <= on]
        if not days:
            raise NotFound(f"No program {program} on {on.isoformat()}")
        return max(days).isoformat()

    def programs(self, on: date) -> Sequence[str]:
        """Return the programs that take applications on ``on``."""
        open_to_new = {row.program for row in self.rows if row.valid_from <= on}
        return sorted(open_to_new)
