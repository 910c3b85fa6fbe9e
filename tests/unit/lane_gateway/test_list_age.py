from dataclasses import replace
from datetime import timedelta

import pytest

from services.lane_gateway.domain.lane_policy import AgeLimits, LaneMode, LanePolicy
from services.lane_gateway.domain.list_age import (
    HostTime,
    ListHead,
    ListStanding,
    effective_mode,
    list_age,
    standing,
)
from tests.unit.lane_gateway.builders import NOW, a_lane

HEAD = ListHead(number=9, time=NOW - timedelta(seconds=10), came_at=100.0, boot="one")
HOST = HostTime(wall=NOW, monotonic=109.0, boot="one", newest_record=NOW)


def test_the_age_is_counted_from_the_time_of_the_head() -> None:
    assert list_age(HEAD, HOST) == timedelta(seconds=10)


def test_a_head_that_came_late_is_as_old_as_it_says() -> None:
    late = replace(HEAD, came_at=108.9)

    assert list_age(late, HOST) == timedelta(seconds=10)


@pytest.mark.fault(38)
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_stepped_an_hour_never_makes_the_list_younger(hours: int) -> None:
    stepped = replace(HOST, wall=NOW + timedelta(hours=hours), monotonic=190.0)

    assert list_age(HEAD, stepped) == max(timedelta(seconds=90), timedelta(hours=hours, seconds=10))


@pytest.mark.fault(38)
def test_after_a_boot_with_a_clock_before_the_newest_record_the_age_is_unknown() -> None:
    booted = replace(HOST, boot="two", monotonic=3.0, wall=NOW - timedelta(seconds=1))

    assert list_age(HEAD, booted) is None
    assert list_age(HEAD, replace(booted, wall=NOW)) == timedelta(seconds=10)


def test_after_a_boot_with_a_clock_before_the_head_the_age_is_unknown() -> None:
    early = NOW - timedelta(days=400)
    booted = replace(HOST, boot="two", wall=early, newest_record=early)

    assert list_age(HEAD, booted) is None


def test_without_any_head_the_age_is_unknown() -> None:
    assert list_age(None, HOST) is None


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(), ListStanding.FRESH),
        (timedelta(minutes=2), ListStanding.FRESH),
        (timedelta(minutes=2, microseconds=1), ListStanding.AGED),
        (timedelta(hours=72), ListStanding.AGED),
        (timedelta(hours=72, microseconds=1), ListStanding.STALE),
        (None, ListStanding.STALE),
    ],
)
def test_the_standing_of_a_list_follows_the_lanes_limits(
    age: timedelta | None, expected: ListStanding
) -> None:
    assert standing(age, AgeLimits()) is expected


@pytest.mark.statement(50)
def test_automatic_needs_the_row_the_counter_and_a_fresh_list() -> None:
    granted = a_lane(counter_grants_automatic=True)
    young, old = timedelta(minutes=1), timedelta(minutes=3)

    def mode(policy: LanePolicy, age: timedelta | None, *, can_count: bool) -> LaneMode:
        return effective_mode(LaneMode.AUTOMATIC, policy=policy, age=age, can_count=can_count)

    assert mode(granted, young, can_count=True) is LaneMode.AUTOMATIC
    assert mode(granted, old, can_count=True) is LaneMode.ATTENDED
    assert mode(granted, None, can_count=True) is LaneMode.ATTENDED
    assert mode(granted, young, can_count=False) is LaneMode.ATTENDED
    assert mode(a_lane(), young, can_count=True) is LaneMode.ATTENDED


def test_other_modes_are_what_was_wanted() -> None:
    for wanted in (LaneMode.CLOSED, LaneMode.ATTENDED, LaneMode.REMOTE):
        assert effective_mode(wanted, policy=a_lane(), age=None, can_count=False) is wanted
