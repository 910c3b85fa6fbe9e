"""What a port can be asked about its lanes over some days: numbers, without any person.

Statement 57: every crossing has measured times, so that what the program saves can be shown. How
long a vehicle takes at a general lane is no measurement of ours; the figure has its source here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles

GENERAL_LANE_SECONDS = 30.0
"""Seconds a vehicle takes at a general lane where a SENTRI lane takes 10: the low end of the 30 to
40 that were published for the southern border, so that savings are not overstated."""
TENTHS = 10
MEDIAN, NINETIETH = 4, 8
"""Places among the nine borders between tenths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crossing:
    """One vehicle whose passage is over, as the report needs it."""

    end: str
    verdict: str | None
    reasons: tuple[str, ...] = ()
    read: datetime | None = None
    shown: datetime | None = None
    decided: datetime | None = None
    gate: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How long something took, in seconds; ``count`` is of how many vehicles."""

    count: int
    median: float
    ninetieth: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneReport:
    """One lane over some days."""

    lane: str
    vehicles: int
    ends: Mapping[str, int]
    verdicts: Mapping[str, int]
    reasons: Mapping[str, int]
    """Of the vehicles that were not clear; one may have several."""
    referrals: Mapping[str, int]
    """How referrals ended."""
    overrides: int
    look_ups: int
    """Cards that an officer looked up because they could not be read."""
    plates_by_hand: int
    read_to_shown: Spread | None
    read_to_decided: Spread | None
    read_to_gate: Spread | None
    minutes_saved: float
    """Of clear vehicles, against as many at a general lane."""


@dataclass(kw_only=True)
class Tally:
    """Counts one lane's entries as they are read."""

    lane: str
    crossings: list[Crossing] = field(default_factory=list)
    referrals: Counter[str] = field(default_factory=Counter)
    overrides: int = 0
    look_ups: int = 0
    plates_by_hand: int = 0

    def report(self) -> LaneReport:
        """Return what was counted."""
        crossings = self.crossings
        not_clear = [one for one in crossings if one.verdict not in {None, "clear"}]
        return LaneReport(
            lane=self.lane,
            vehicles=len(crossings),
            ends=Counter(one.end for one in crossings),
            verdicts=Counter(one.verdict or "none" for one in crossings),
            reasons=Counter(reason for one in not_clear for reason in one.reasons),
            referrals=self.referrals,
            overrides=self.overrides,
            look_ups=self.look_ups,
            plates_by_hand=self.plates_by_hand,
            read_to_shown=_spread((one.read, one.shown) for one in crossings),
            read_to_decided=_spread((one.read, one.decided) for one in crossings),
            read_to_gate=_spread((one.read, one.gate) for one in crossings),
            minutes_saved=sum(map(_saved, crossings)) / 60,
        )


def _saved(crossing: Crossing) -> float:
    """Return the seconds that a clear vehicle saved; one that took longer counts against it."""
    if crossing.verdict != "clear" or crossing.read is None or crossing.gate is None:
        return 0.0
    return GENERAL_LANE_SECONDS - (crossing.gate - crossing.read).total_seconds()


def _spread(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> Spread | None:
    """Return how long it took from the first to the second, where both are known.

    A time before its beginning is the host's clock set back, and tells nothing.
    """
    taken = sorted(
        (end - begin).total_seconds()
        for begin, end in pairs
        if begin is not None and end is not None and end >= begin
    )
    if not taken:
        return None
    if len(taken) == 1:
        return Spread(count=1, median=taken[0], ninetieth=taken[0])
    borders = quantiles(taken, n=TENTHS, method="inclusive")
    return Spread(count=len(taken), median=borders[MEDIAN], ninetieth=borders[NINETIETH])
