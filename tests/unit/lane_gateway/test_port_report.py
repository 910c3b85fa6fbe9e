"""Numbers of a port's lanes over some days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.lane_gateway.domain.port_report import Crossing, Spread, Tally

AT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


def a_crossing(seconds: float | None = None, **changes: Any) -> Crossing:
    values: dict[str, Any] = {"end": "passed", "verdict": "clear"}
    if seconds is not None:
        values |= {"read": AT, "gate": AT + timedelta(seconds=seconds)}
    return Crossing(**values | changes)


def a_tally(*crossings: Crossing, **counted: Any) -> Tally:
    return Tally(lane="l1", crossings=list(crossings), **counted)


@pytest.mark.statement(57)
def test_time_saved_is_what_a_general_lane_would_have_taken_longer() -> None:
    report = a_tally(a_crossing(10), a_crossing(12), a_crossing(38)).report()

    # Against 30 seconds each: 20 and 18 saved, 8 lost.
    assert report.minutes_saved == pytest.approx(0.5)


@pytest.mark.statement(57)
def test_only_clear_vehicles_with_both_times_save_anything() -> None:
    referred = a_crossing(10, verdict="refer")
    unread = a_crossing(read=None, gate=AT)
    turned = a_crossing(read=AT)

    assert a_tally(referred, unread, turned).report().minutes_saved == 0


@pytest.mark.statement(57)
def test_how_long_it_took_is_told_by_median_and_ninetieth() -> None:
    report = a_tally(*(a_crossing(seconds) for seconds in range(1, 12))).report()

    assert report.read_to_gate == Spread(count=11, median=6.0, ninetieth=10.0)
    assert report.read_to_shown is None
    assert a_tally(a_crossing(7)).report().read_to_gate == Spread(count=1, median=7, ninetieth=7)


def test_a_clock_that_was_set_back_tells_nothing() -> None:
    report = a_tally(a_crossing(-3600), a_crossing(8)).report()

    assert report.read_to_gate == Spread(count=1, median=8.0, ninetieth=8.0)


def test_verdicts_ends_and_reasons_are_counted() -> None:
    report = a_tally(
        a_crossing(),
        a_crossing(verdict="refer", reasons=("held", "no_card")),
        a_crossing(verdict="refer", reasons=("held",), end="turned_back"),
        a_crossing(verdict="redirect", reasons=("wrong_lane",)),
        a_crossing(verdict=None, end="faulted"),
    ).report()

    assert report.vehicles == 5
    assert report.verdicts == {"clear": 1, "refer": 2, "redirect": 1, "none": 1}
    assert report.ends == {"passed": 3, "turned_back": 1, "faulted": 1}
    assert report.reasons == {"held": 2, "no_card": 1, "wrong_lane": 1}


def test_a_lane_without_vehicles_has_a_report_of_nothing() -> None:
    report = a_tally().report()

    assert (report.vehicles, report.minutes_saved, report.read_to_decided) == (0, 0, None)
