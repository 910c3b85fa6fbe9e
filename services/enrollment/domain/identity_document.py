"""Birth, citizenship and the documents that prove them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.enrollment.domain.birthday import age
from services.enrollment.domain.flaws import Flaw

OLDEST = 120
"""Nobody is older; a higher age is a slip of the pen."""


class Sex(StrEnum):
    """As it stands in the travel document."""

    F = "F"
    M = "M"
    X = "X"


@dataclass(frozen=True, kw_only=True)
class Birth:
    """When and where the person was born."""

    born_on: date = field(repr=False)
    city: str = field(repr=False)
    region: str = field(default="", repr=False)
    country: str = field(repr=False)
    sex: Sex = field(repr=False)

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find a birth that cannot be."""
        if self.born_on > today:
            yield Flaw(path="date", code="in_the_future")
        elif age(self.born_on, today) > OLDEST:
            yield Flaw(path="date", code="too_long_ago")
        if not self.country:
            yield Flaw(path="country", code="required")


class DocumentKind(StrEnum):
    """What counts as proof of identity and citizenship."""

    PASSPORT = "passport"
    PASSPORT_CARD = "passport_card"
    RESIDENT_CARD = "resident_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    DRIVING_LICENCE = "driving_licence"
    VOTER_CARD = "voter_card"


WITHOUT_EXPIRY = frozenset({DocumentKind.BIRTH_CERTIFICATE})
PROVES_CITIZENSHIP = frozenset(
    {DocumentKind.PASSPORT, DocumentKind.PASSPORT_CARD, DocumentKind.BIRTH_CERTIFICATE}
)


@dataclass(frozen=True, kw_only=True)
class IdentityDocument:
    """A document as it is printed; its number is kept as written, without spaces."""

    kind: DocumentKind
    country: str = field(repr=False)
    number: str = field(repr=False)
    expires_on: date | None = field(default=None, repr=False)

    def flaws(self, *, today: date) -> Iterator[Flaw]:
        """Find what keeps the document from being accepted on ``today``."""
        if not self.number:
            yield Flaw(path="number", code="required")
        if not self.country:
            yield Flaw(path="country", code="required")
        if self.kind in WITHOUT_EXPIRY:
            return
        if self.expires_on is None:
            yield Flaw(path="expires_on", code="required")
        elif self.expires_on < today:
            yield Flaw(path="expires_on", code="document_expired")
