"""Sites: the ports of entry whose lanes follow the credential feed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.errors import InvalidInput

SITE_ID = re.compile(r"[a-z0-9]{3,12}")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A port of entry; its keys are public ones, as JWK in JSON, its place in degrees."""

    id: str
    name: str
    zone: str
    sealing_key: str
    client_key: str
    latitude: float | None = None
    longitude: float | None = None

    def __post_init__(self) -> None:
        """Refuse an id that no routing key can carry, and a zone that nobody keeps."""
        if not SITE_ID.fullmatch(self.id):
            raise InvalidInput({"id": ["site_id_invalid"]}, "A site id is [a-z0-9]{3,12}")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InvalidInput({"zone": ["zone_unknown"]}, "The zone is not known") from None

    @property
    def place(self) -> tuple[float, float] | None:
        """Return degrees north and east, where they are known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The newest number that a site reported as applied."""

    site: str
    number: int
    applied_at: datetime
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far an entry of the feed has come: "42 of 44 sites applied within 0.3 s"."""

    number: int
    sites: int
    applied: int
    slowest_seconds: float | None


def spread(
    number: int, made_at: datetime, sites: Sequence[Site], reports: Sequence[Applied]
) -> Spread:
    """Count the sites that hold ``number``, and the time until the last of them did."""
    known = {site.id for site in sites}
    there = [r for r in reports if r.site in known and r.number >= number]
    slowest = max((r.applied_at for r in there), default=None)
    return Spread(
        number=number,
        sites=len(known),
        applied=len(there),
        slowest_seconds=None if slowest is None else max(0.0, (slowest - made_at).total_seconds()),
    )
