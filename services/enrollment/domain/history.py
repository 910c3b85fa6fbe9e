"""Residence and employment over the policy's look-back, without a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from services.enrollment.domain.address import Address
from services.enrollment.domain.birthday import birthday
from services.enrollment.domain.flaws import Flaw

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of days, both ends inclusive; ``until`` is ``None`` for what lasts to this day."""

    since: date
    until: date | None = None

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find a stretch that ends before it begins, or begins tomorrow."""
        if self.since > today:
            yield Flaw(path="from", code="in_the_future")
        if self.until is not None and self.until < self.since:
            yield Flaw(path="until", code="ends_before_it_begins")


@dataclass(frozen=True, kw_only=True)
class Residence:
    """Where the person lived for a while."""

    address: Address = field(repr=False)
    stretch: Stretch

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find what is wrong with this entry alone."""
        yield from self.address.flaws()
        yield from self.stretch.flaws(today=today)


class Occupation(StrEnum):
    """What the person did; time without work is an entry too."""

    EMPLOYED = "employed"
    SELF_EMPLOYED = "self_employed"
    STUDYING = "studying"
    CARING = "caring"
    RETIRED = "retired"
    NOT_WORKING = "not_working"


WITH_EMPLOYER = frozenset({Occupation.EMPLOYED, Occupation.SELF_EMPLOYED, Occupation.STUDYING})


@dataclass(frozen=True, kw_only=True)
class Employment:
    """What the person did for a while; ``employer`` is the school of one who studies."""

    kind: Occupation
    employer: str = field(default="", repr=False)
    occupation: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    country: str = field(default="", repr=False)
    stretch: Stretch

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find what is wrong with this entry alone."""
        if self.kind in WITH_EMPLOYER:
            for name in ("employer", "city", "country"):
                if not getattr(self, name):
                    yield Flaw(path=name, code="required")
        yield from self.stretch.flaws(today=today)


def look_back_start(today: date, *, years: int, born: date | None = None) -> date:
    """Return the first day to account for: ``years`` ago, or the day of birth if that is later."""
    start = birthday(today, today.year - years)
    return start if born is None else max(start, born)


def gaps(stretches: Sequence[Stretch], *, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of every gap between ``first`` and ``last``."""
    expected = first
    for stretch in sorted(stretches, key=lambda s: s.since):
        if stretch.since > last:
            break
        if stretch.since > expected:
            yield expected, stretch.since - ONE_DAY
        if stretch.until is None:
            return
        expected = max(expected, stretch.until + ONE_DAY)
    if expected <= last:
        yield expected, last


def gap_flaws(path: str, stretches: Sequence[Stretch], *, first: date, last: date) -> list[Flaw]:
    """Name every gap by its dates."""
    return [
        Flaw(path=path, code="history_gap", values={"first_day": start, "last_day": end})
        for start, end in gaps(stretches, first=first, last=last)
    ]
