from datetime import date

import pytest

from services.enrollment.domain.vehicle import fleet_flaws, vin_check_digit
from tests.unit.enrollment.builders import TODAY, VIN, vehicle


def codes(**changes: object) -> list[tuple[str, str]]:
    return [(flaw.path, flaw.code) for flaw in vehicle(**changes).flaws(today=TODAY)]


@pytest.mark.parametrize("vin", [VIN, "11111111111111111", "5GZCZ43D13S812715"])
def test_a_right_vin_passes(vin: str) -> None:
    assert codes(vin=vin) == []


@pytest.mark.parametrize(
    ("vin", "code"),
    [
        ("1M8GDM9A1KP042788", "vin_check_digit"),
        ("1M8GDM9AXKP042789", "vin_check_digit"),
        ("1M8GDM9AXKP04278", "vin_length"),
        ("1M8GDM9AXKP0427O8", "vin_character"),
        ("1M8GDM9AXKP0427ñ8", "vin_character"),
    ],
)
def test_a_wrong_vin_is_named(vin: str, code: str) -> None:
    assert codes(vin=vin) == [("vin", code)]


def test_ten_is_written_x() -> None:
    assert vin_check_digit(VIN) == "X"


@pytest.mark.parametrize(
    ("year", "right"), [(1899, False), (1900, True), (2027, True), (2028, False)]
)
def test_the_year_is_one_that_cars_have(year: int, *, right: bool) -> None:
    assert (codes(year=year) == []) is right


def test_missing_parts_are_named() -> None:
    assert codes(plate="", colour="") == [("plate", "required"), ("colour", "required")]


@pytest.mark.statement(8)
def test_the_fifth_vehicle_is_refused_by_name() -> None:
    four = tuple(vehicle(vin=f"{n}" * 17) for n in range(4))

    assert list(fleet_flaws(four, limit=4)) == []
    (flaw,) = fleet_flaws((*four, vehicle()), limit=4)
    assert (flaw.path, flaw.code, flaw.values) == ("vehicles", "too_many_vehicles", {"limit": 4})


def test_a_vehicle_counts_once() -> None:
    (flaw,) = fleet_flaws((vehicle(), vehicle(plate="OTHER1")), limit=4)

    assert (flaw.path, flaw.code) == ("vehicles.1.vin", "vehicle_twice")


def test_nothing_of_a_vehicle_that_names_its_owner_is_shown() -> None:
    assert VIN not in repr(vehicle())
    assert "8ABC123" not in repr(vehicle())
    assert date(2026, 11, 24) == TODAY
