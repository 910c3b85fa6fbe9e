"""People's names, with room for the ways in which names are given on both sides of the border."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.enrollment.domain.flaws import Flaw

MAX_OTHER_NAMES = 10


@dataclass(frozen=True, kw_only=True)
class Name:
    """One name of a person; any part may be empty, but not all of them.

    No field forces one surname: a person may have a paternal and a maternal one, one of them, or
    a single name only, which stands in ``given`` or in either surname.
    """

    given: str = field(default="", repr=False)
    middle: str = field(default="", repr=False)
    paternal_surname: str = field(default="", repr=False)
    maternal_surname: str = field(default="", repr=False)
    suffix: str = field(default="", repr=False)

    @property
    def full(self) -> str:
        """All parts in the order in which they are spoken."""
        parts = (
            self.given,
            self.middle,
            self.paternal_surname,
            self.maternal_surname,
            self.suffix,
        )
        return " ".join(part for part in parts if part)

    def flaws(self) -> Iterator[Flaw]:
        """Find what keeps the name from being one."""
        if not (self.given or self.paternal_surname or self.maternal_surname):
            yield Flaw(path="given", code="name_missing")


@dataclass(frozen=True, kw_only=True)
class Names:
    """The legal name in full, and every other name that the person has used."""

    legal: Name = field(repr=False)
    others: tuple[Name, ...] = field(default=(), repr=False)

    def flaws(self) -> Iterator[Flaw]:
        """Find what is wrong with any of the names."""
        yield from self.legal.flaws()
        if len(self.others) > MAX_OTHER_NAMES:
            yield Flaw(path="others", code="too_many", values={"limit": MAX_OTHER_NAMES})
        for place, name in enumerate(self.others):
            for flaw in name.flaws():
                yield Flaw(path=f"others.{place}.{flaw.path}", code=flaw.code)
