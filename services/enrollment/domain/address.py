"""Postal addresses on both sides of the border."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.enrollment.domain.flaws import Flaw


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address; ``country`` is ISO 3166-1 alpha-2, ``region`` ISO 3166-2 (``US-CA``) or empty."""

    street: str = field(repr=False)
    unit: str = field(default="", repr=False)
    city: str = field(repr=False)
    region: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    country: str = field(repr=False)

    def flaws(self) -> Iterator[Flaw]:
        """Find what an address of this country lacks."""
        for name in ("street", "city", "country"):
            if not getattr(self, name):
                yield Flaw(path=name, code="required")
        if self.country in {"US", "MX", "CA"}:
            yield from self._north_american_flaws()

    def _north_american_flaws(self) -> Iterator[Flaw]:
        if not self.region:
            yield Flaw(path="region", code="required")
        elif not self.region.startswith(f"{self.country}-"):
            yield Flaw(path="region", code="region_of_other_country")
        if not self.postal_code:
            yield Flaw(path="postal_code", code="required")
