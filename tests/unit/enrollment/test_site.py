from datetime import timedelta

import pytest

from services.enrollment.domain.site import Applied, Site, spread
from shared.errors import InvalidInput
from tests.unit.enrollment.builders import NOON


def site(name: str, zone: str = "America/Los_Angeles") -> Site:
    return Site(id=name, name=name, zone=zone, sealing_key="pem", client_key="pem")


def applied(name: str, number: int, seconds: float) -> Applied:
    at = NOON + timedelta(seconds=seconds)
    return Applied(site=name, number=number, applied_at=at, reported_at=at)


@pytest.mark.parametrize("name", ["sy", "SYM", "san-ysidro", "a" * 13, "sym\n", "sym.x"])
def test_a_site_id_fits_into_a_routing_key(name: str) -> None:
    with pytest.raises(InvalidInput):
        site(name)


@pytest.mark.parametrize("zone", ["Nowhere/City", "../etc/passwd", ""])
def test_a_site_is_in_a_zone_that_is_known(zone: str) -> None:
    with pytest.raises(InvalidInput):
        site("sym", zone)


def test_the_spread_counts_who_has_the_entry_and_the_slowest() -> None:
    reports = [applied("sym", 7, 0.2), applied("otm", 9, 0.3), applied("nog", 6, 0.1)]

    found = spread(7, NOON, [site("sym"), site("otm"), site("nog")], reports)

    assert (found.applied, found.sites) == (2, 3)
    assert found.slowest_seconds == pytest.approx(0.3)


def test_nobody_there_has_no_slowest() -> None:
    assert spread(7, NOON, [site("sym")], []).slowest_seconds is None


def test_a_site_whose_clock_is_behind_is_not_faster_than_light() -> None:
    assert spread(7, NOON, [site("sym")], [applied("sym", 7, -5)]).slowest_seconds == 0.0
