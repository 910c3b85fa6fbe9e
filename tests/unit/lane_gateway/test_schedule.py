"""When a lane's schedule turns, by the clock on the wall of the port."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType
from services.lane_gateway.domain.schedule import Switch, last_turn, next_turn
from tests.unit.lane_gateway.builders import named

TIJUANA = ZoneInfo("America/Los_Angeles")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))


def a_switch(name: str = "open", at: str = "04:00", **changes: Any) -> Switch:
    values: dict[str, Any] = {
        "id": named(name),
        "lane": "l1",
        "weekdays": EVERY_DAY,
        "at": time.fromisoformat(at),
        "mode": LaneMode.ATTENDED,
        "lane_type": LaneType.SENTRI,
        "made_at": LONG_AGO,
    }
    return Switch(**values | changes)


def port(text: str) -> datetime:
    """Return an instant by the clock of the port."""
    return datetime.fromisoformat(text).replace(tzinfo=TIJUANA)


def turned(now: str, *switches: Switch) -> tuple[str, str] | None:
    turn = last_turn(switches, zone=TIJUANA, now=port(now))
    if turn is None:
        return None
    return (turn.at.astimezone(TIJUANA).strftime("%a %H:%M"), turn.switch.mode.value)


DAY = (a_switch(), a_switch("close", "23:00", mode=LaneMode.CLOSED))


@pytest.mark.statement(55)
@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-25T03:59:59", ("Tue 23:00", "closed")),
        ("2026-11-25T04:00:00", ("Wed 04:00", "attended")),
        ("2026-11-25T22:59:59", ("Wed 04:00", "attended")),
        ("2026-11-25T23:00:00", ("Wed 23:00", "closed")),
    ],
)
def test_a_lane_is_what_its_last_turn_made_it(now: str, then: tuple[str, str]) -> None:
    assert turned(now, *DAY) == then


@pytest.mark.statement(55)
def test_a_weekly_turn_counts_for_the_whole_week() -> None:
    ready_on_sunday = a_switch(weekdays=frozenset({6}), lane_type=LaneType.READY)

    for day in range(22, 29):
        assert turned(f"2026-11-{day}T05:00:00", ready_on_sunday) == ("Sun 04:00", "attended")


def test_who_plans_at_noon_does_not_change_what_was_in_the_morning() -> None:
    switch = a_switch(made_at=port("2026-11-25T12:00:00"))

    assert turned("2026-11-25T12:00:01", switch) is None
    assert turned("2026-11-26T04:00:00", switch) == ("Thu 04:00", "attended")


def test_of_two_turns_at_once_the_one_planned_later_counts() -> None:
    first = a_switch()
    second = a_switch("again", mode=LaneMode.CLOSED, made_at=LONG_AGO + timedelta(days=1))

    for order in ((first, second), (second, first)):
        assert turned("2026-11-25T05:00:00", *order) == ("Wed 04:00", "closed")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-25T03:00:00", "2026-11-25T04:00:00"),
        ("2026-11-25T04:00:00", "2026-11-25T23:00:00"),
        ("2026-11-25T23:30:00", "2026-11-26T04:00:00"),
    ],
)
def test_the_next_turn_is_told(now: str, then: str) -> None:
    turn = next_turn(DAY, zone=TIJUANA, now=port(now))

    assert turn is not None
    assert turn.at == port(then)


def test_without_a_plan_nothing_turns() -> None:
    assert last_turn([], zone=TIJUANA, now=port("2026-11-25T03:00:00")) is None
    assert next_turn([], zone=TIJUANA, now=port("2026-11-25T03:00:00")) is None


def test_the_night_in_which_the_clock_is_put_forward_has_its_turn() -> None:
    """On 8 March 2026 the hour from 2 to 3 does not exist."""
    switch = a_switch(at="02:30")
    before = datetime(2026, 3, 8, 9, 59, tzinfo=UTC)  # 01:59 by the clock

    turn = next_turn([switch], zone=TIJUANA, now=before)

    assert turn is not None
    assert turn.at == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    assert turn.at.astimezone(TIJUANA).strftime("%H:%M") == "03:30"


def test_the_night_in_which_the_clock_is_put_back_has_its_turn_once() -> None:
    """On 1 November 2026 the hour from 1 to 2 comes twice."""
    switch = a_switch(at="01:30")
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)

    turn = last_turn([switch], zone=TIJUANA, now=first + timedelta(hours=2))

    assert turn is not None
    assert turn.at == first
