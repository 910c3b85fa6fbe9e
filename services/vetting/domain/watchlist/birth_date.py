"""Birth dates as lists give them: full, partial, about a year, or a span of years."""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY = r"(?:(?:(?P<day{n}>\d{{1,2}}) )?(?P<month{n}>[A-Za-z]{{3}}) )?(?P<year{n}>\d{{4}})"
_LISTED = re.compile(
    r"(?P<circa>circa )?" + _DAY.format(n=1) + r"(?:(?: to |-)" + _DAY.format(n=2) + r")?\.?$",
)
_ISO = re.compile(
    r"(?P<circa>~)?(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?:/(?P<last>\d{4}))?$"
)


@dataclass(frozen=True, order=True)
class BirthDate:
    """A birth date, as far as it is known; 0 stands for an unknown month or day."""

    year: int
    month: int = 0
    day: int = 0
    last_year: int = 0
    """The end of a span of years; 0 when the date is no span."""

    circa: bool = False

    def __post_init__(self) -> None:
        """Refuse what no calendar has; a full date must exist."""
        date(self.year, self.month or 1, self.day or 1)
        if self.day and not self.month:
            raise ValueError("A day without its month")

    @property
    def is_full(self) -> bool:
        """Whether day, month and year are known and meant exactly."""
        return bool(self.month and self.day and not self.last_year and not self.circa)

    @property
    def years(self) -> range:
        """Every year in which the person may have been born."""
        slack = 1 if self.circa else 0
        return range(self.year - slack, (self.last_year or self.year) + slack + 1)

    def __str__(self) -> str:
        """Write the date as ISO 8601 does, a span as ``1955/1957``, a guess with ``~``."""
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}" + (f"-{self.day:02}" if self.day else "")
        if self.last_year:
            text += f"/{self.last_year:04}"
        return f"~{text}" if self.circa else text


def parse_iso(text: str) -> BirthDate:
    """Read ``1961-06-03``, ``1961-06``, ``1961``, ``1955/1957``, each perhaps after ``~``."""
    found = _ISO.match(text.strip())
    if found is None:
        raise ValueError("Not a date of the form YYYY-MM-DD, YYYY-MM or YYYY")
    year, month, day, last = (int(found[name] or 0) for name in ("year", "month", "day", "last"))
    return BirthDate(year, month, day, last_year=last, circa=bool(found["circa"]))


def parse_listed(text: str) -> BirthDate | None:
    """Read what follows ``DOB`` in an OFAC remark, such as ``03 Jun 1961`` or ``circa 1950``."""
    found = _LISTED.match(text.strip())
    if found is None:
        return None
    try:
        return _from_match(found)
    except ValueError:
        return None


def _from_match(found: re.Match[str]) -> BirthDate:
    year, circa = int(found["year1"]), bool(found["circa"])
    if found["year2"]:
        last = int(found["year2"])
        return BirthDate(year, last_year=last if last != year else 0, circa=circa)
    month = 1 + MONTHS.index(found["month1"].lower()) if found["month1"] else 0
    return BirthDate(year, month, int(found["day1"] or 0), circa=circa)
