"""What is looked for, and what was found."""

import re
from dataclasses import dataclass, field

SHORTEST = 6
"""Bytes: the scanner looks at that many at once."""
LONG = 12
_FIGURES = re.compile(rb"[0-9a-f]+")


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One form of one value; ``exact`` where capitals and small letters are two things."""

    what: str
    form: str
    data: bytes = field(repr=False)
    exact: bool = False

    @property
    def small(self) -> bytes:
        """The form in small letters, as the scanner compares."""
        return self.data.lower()

    @property
    def alone(self) -> bool:
        """Whether it could be met by chance in a long row of hexadecimal figures."""
        return len(self.data) < LONG and _FIGURES.fullmatch(self.small) is not None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A value that was found, without the value."""

    what: str
    form: str
    at: int
