"""The least time in which a card gets from one port to another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.enrollment.domain.credential import REFER_ALWAYS, describe
from services.enrollment.domain.site import Site
from services.enrollment.domain.travel import UNPLACED, TravelPolicy, TravelRow, distance_km
from tests.unit.enrollment.builders import NOON, TODAY, card, membership

ON = date(2026, 11, 25)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def site(name: str, *place: float) -> Site:
    north, east = place or (None, None)
    return Site(
        id=name,
        name=name,
        zone="UTC",
        sealing_key="pem",
        client_key="pem",
        latitude=north,
        longitude=east,
    )


ONE = site("one", 32.0, -117.0)
OTHER = site("other", 33.0, -117.0)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert distance_km(ONE, OTHER) == pytest.approx(111.19, abs=0.05)
    assert distance_km(ONE, ONE) == 0
    assert distance_km(ONE, site("nowhere")) is None


@pytest.mark.statement(42)
def test_the_least_time_comes_from_a_row_or_from_the_distance() -> None:
    first = TravelRow(
        sites=frozenset({"one", "other"}),
        least=timedelta(minutes=70),
        valid_from=date(2026, 1, 1),
    )
    newer = TravelRow(
        sites=frozenset({"one", "other"}),
        least=timedelta(minutes=60),
        valid_from=date(2026, 12, 1),
    )
    policy = TravelPolicy(rows=(newer, first))

    assert policy.least(ONE, OTHER, on=ON) == timedelta(minutes=70)
    assert policy.least(OTHER, ONE, on=date(2026, 12, 1)) == timedelta(minutes=60)
    assert TravelPolicy().least(ONE, OTHER, on=ON) == pytest.approx(
        timedelta(minutes=51.3), abs=timedelta(seconds=10)
    )
    assert TravelPolicy().least(ONE, site("nowhere"), on=ON) == UNPLACED


@pytest.mark.statement(42)
def test_a_flagged_card_is_referred_by_every_list_until_somebody_has_looked() -> None:
    holder = membership()
    flagged = card(holder)
    assert flagged.flag(now=NOON)
    assert not flagged.flag(now=LATER)
    assert describe(holder, flagged, today=TODAY).list_age_limit_s == REFER_ALWAYS == 0
    assert not flagged.unflag(looked_at=NOON - timedelta(seconds=1))
    assert flagged.unflag(looked_at=LATER)

    assert describe(holder, flagged, today=TODAY).list_age_limit_s is None
    assert not flagged.unflag(looked_at=LATER)
