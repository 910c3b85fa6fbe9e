"""How old the credential list is, and what a lane may still do with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.lane_gateway.domain.lane_policy import AgeLimits, LaneMode, LanePolicy


class ListStanding(StrEnum):
    """What the list's age allows."""

    FRESH = "fresh"
    AGED = "aged"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListHead:
    """The newest signed head that has reached this site.

    ``time`` is when enrollment signed it, ``came_at`` the host's monotonic clock when it came and
    ``boot`` names the boot that this clock belongs to.
    """

    number: int
    time: datetime
    came_at: float
    boot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPosition:
    """How far this site has come in the log: the number applied, and the newest signed head."""

    applied: int
    head: ListHead | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HostTime:
    """What this host's clocks say; ``newest_record`` is the latest time written in its stores."""

    wall: datetime
    monotonic: float
    boot: str
    newest_record: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ListState:
    """What a decision knows of the list; ``age`` is ``None`` where it is unknown."""

    number: int
    age: timedelta | None


def list_age(head: ListHead | None, host: HostTime) -> timedelta | None:
    """Return the age of the list, or ``None`` where nobody can tell.

    The age is the larger of wall clock minus the head's time and monotonic time since the head
    came, so neither a clock set back nor one set forward makes the list look younger. After a boot
    the monotonic time is gone; where the clock then stands before the newest record, or before the
    head itself, it is wrong and the age is unknown.
    """
    if head is None:
        return None
    wall = host.wall - head.time
    if head.boot == host.boot:
        return max(wall, timedelta(seconds=host.monotonic - head.came_at), timedelta())
    if host.wall < max(host.newest_record, head.time):
        return None
    return wall


def standing(age: timedelta | None, limits: AgeLimits) -> ListStanding:
    """Return what ``age`` allows under the lane's policy; an unknown age counts as stale."""
    if age is None or age > limits.aged:
        return ListStanding.STALE
    return ListStanding.FRESH if age <= limits.fresh else ListStanding.AGED


def effective_mode(
    wanted: LaneMode, *, policy: LanePolicy, age: timedelta | None, can_count: bool
) -> LaneMode:
    """Return the mode that the lane may really work in.

    Automatic needs the policy row that grants it, a counter with a gate that lets go by itself
    (``can_count``), and a fresh list; without any of them the lane is attended.
    """
    if wanted is not LaneMode.AUTOMATIC:
        return wanted
    fresh = standing(age, policy.age_limits) is ListStanding.FRESH
    granted = policy.counter_grants_automatic and can_count and fresh
    return LaneMode.AUTOMATIC if granted else LaneMode.ATTENDED
