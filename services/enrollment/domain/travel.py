"""How fast a card can get from one port of entry to another: sooner, there are two cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from services.enrollment.domain.site import Site

EARTH_KM = 6371.0
FASTEST_KMH = 130.0
"""Nobody drives faster from port to port on the straight line, which no road follows."""
UNPLACED = timedelta(minutes=5)
"""Where nobody said where a site lies: two ports of entry are never nearer than this."""
OWN_RULE = "This system's own rule; no source gives travel times between ports"


@dataclass(frozen=True, kw_only=True)
class TravelRow:
    """A policy row: the least time between two sites, in either direction, from a day on."""

    sites: frozenset[str]
    least: timedelta
    valid_from: date
    source: str = OWN_RULE


@dataclass(frozen=True, kw_only=True)
class TravelPolicy:
    """The rows in force; a pair without one is reckoned from the distance."""

    rows: Sequence[TravelRow] = ()

    def least(self, one: Site, other: Site, *, on: date) -> timedelta:
        """Return the least time in which a card gets from one site to the other."""
        pair = frozenset({one.id, other.id})
        fitting = [row for row in self.rows if row.sites == pair and row.valid_from <= on]
        if fitting:
            return max(fitting, key=lambda row: row.valid_from).least
        km = distance_km(one, other)
        return UNPLACED if km is None else timedelta(hours=km / FASTEST_KMH)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A card at a port of entry."""

    site: str
    lane: str
    at: datetime


def distance_km(one: Site, other: Site) -> float | None:
    """Return the length of the great circle, ``None`` where a site's place is not known."""
    if one.place is None or other.place is None:
        return None
    (north, east), (far_north, far_east) = one.place, other.place
    half_up = sin(radians(far_north - north) / 2) ** 2
    half_along = sin(radians(far_east - east) / 2) ** 2
    chord = half_up + cos(radians(north)) * cos(radians(far_north)) * half_along
    return 2 * EARTH_KM * asin(sqrt(chord))


TRAVEL = TravelPolicy()
"""No pair has a row of its own yet; an authority that has measured one adds it."""
