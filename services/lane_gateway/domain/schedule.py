"""When a lane changes its role and opens or closes by itself (statement 55).

A schedule is a list of switches: on these days of the week, at this time by the clock on the wall
of the port, the lane becomes this. Between two switches it is what the last one made it, or what a
supervisor said since. A switch applies to the next vehicle, never to the one at the arm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.lane_gateway.domain.lane_policy import LaneMode, LaneType

WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """One change of a lane; ``weekdays`` run from 0 for Monday to 6 for Sunday.

    It counts for times after ``made_at``: who plans at noon does not change what was at eight.
    """

    id: UUID
    lane: str
    weekdays: frozenset[int]
    at: time
    mode: LaneMode
    lane_type: LaneType
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A switch at one of its times (an instant)."""

    at: datetime
    switch: Switch


def last_turn(switches: Iterable[Switch], *, zone: ZoneInfo, now: datetime) -> Turn | None:
    """Return the newest turn up to ``now``, ``None`` where there was none yet."""
    turns = (
        Turn(at=at, switch=switch)
        for switch in switches
        for at in _times(switch, zone, now, range(-WEEK - 1, 2))
        if switch.made_at < at <= now
    )
    return max(turns, key=_order, default=None)


def next_turn(switches: Iterable[Switch], *, zone: ZoneInfo, now: datetime) -> Turn | None:
    """Return the first turn after ``now``, ``None`` where nothing is planned."""
    turns = (
        Turn(at=at, switch=switch)
        for switch in switches
        for at in _times(switch, zone, now, range(-1, WEEK + 2))
        if at > now and at > switch.made_at
    )
    return min(turns, key=_order, default=None)


def _order(turn: Turn) -> tuple[datetime, datetime]:
    """Of two at the same time the one that was planned later counts."""
    return turn.at, turn.switch.made_at


def _times(
    switch: Switch, zone: ZoneInfo, now: datetime, days: Iterable[int]
) -> Iterable[datetime]:
    """Yield the instants of ``switch`` on days counted from today.

    A time that the clock passes over when it is put forward comes as much later, and of one that it
    shows twice the first counts.
    """
    today = now.astimezone(zone).date()
    for offset in days:
        day: date = today + timedelta(days=offset)
        if day.weekday() in switch.weekdays:
            yield datetime.combine(day, switch.at, tzinfo=zone).astimezone(UTC)
