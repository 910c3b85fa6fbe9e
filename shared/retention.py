"""How long each kind of record is kept: rows with a first day and a source, reckoned in days.

A record that began on a day is kept for the whole of its last day, in UTC, and forgotten by the
first run after it. What "forgotten" means for a kind is said by the service that keeps it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from shared.errors import NotFound

BATCH = 1_000
"""So many records are forgotten in one transaction, with one entry of the audit."""


class Unit(StrEnum):
    """What the figure of a row counts."""

    DAYS = "days"
    YEARS = "years"


@dataclass(frozen=True, kw_only=True)
class RetentionRow:
    """How long one kind of record is kept from ``effective_from`` on, and who says so.

    A row rules over all records, those that began before it too.
    """

    kind: str
    keeps: int
    unit: Unit
    source: str
    effective_from: date

    def first_kept(self, today: date) -> date:
        """Return the earliest day whose records are still kept on ``today``."""
        if self.unit is Unit.DAYS:
            return today - timedelta(days=self.keeps)
        year = today.year - self.keeps
        try:
            return today.replace(year=year)
        except ValueError:  # the 29th of February of a year that has none
            return date(year, 3, 1)

    def keeps_from(self, now: datetime) -> datetime:
        """Return the instant before which records are forgotten."""
        first = self.first_kept(now.astimezone(UTC).date())
        return datetime.combine(first, time(), tzinfo=UTC)


def row_in_force(rows: Iterable[RetentionRow], kind: str, on: date) -> RetentionRow:
    """Return the row of ``kind`` that rules on a day; raise ``NotFound`` where none does."""
    found = [row for row in rows if row.kind == kind and row.effective_from <= on]
    if not found:
        raise NotFound(f"No rule says on {on.isoformat()} how long {kind} are kept")
    return max(found, key=lambda row: row.effective_from)


def kinds(rows: Iterable[RetentionRow]) -> Sequence[str]:
    """Return every kind once, in the order of the rows."""
    return tuple(dict.fromkeys(row.kind for row in rows))


@dataclass(frozen=True, kw_only=True)
class RetentionRun:
    """What was last done about one kind: when, how many records then, and how many ever.

    ``touched_at`` is the newest run that found something to forget.
    """

    kind: str
    ran_at: datetime
    rows: int
    touched_at: datetime | None
    total: int


class OldRecords(Protocol):
    """The records of a service whose time may be over, within one transaction."""

    def forget(self, kind: str, *, before: datetime, limit: int) -> int:
        """Forget up to ``limit`` records of a kind that began before an instant; return how many.

        Each is a line of the transaction's entry in the audit.
        """

    def ran(self, kind: str, *, rows: int, at: datetime) -> None:
        """Add to what is reported of the run that began at ``at``."""
