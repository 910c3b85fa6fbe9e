"""One random world from its seed: at least twenty vehicles, and faults in between."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.lane_gateway.domain.lane_policy import LaneMode
from tests.worlds.compared import compare
from tests.worlds.faults import FAULTS, nothing
from tests.worlds.lane import WorldLane
from tests.worlds.officer import Officer
from tests.worlds.traffic import Kind, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SECONDS = 3_000.0
AFTERWARDS = 25.0
"""Seconds after the last vehicle: a passage whose end nobody saw is over by then."""
RESET_HELD = 0.3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one world showed: ``differences`` between record and truth, none in a sound lane."""

    seed: int
    differences: tuple[str, ...]
    counts: Counter[str]
    seconds: float


class Day:
    """Runs one world."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - a world that can be drawn again, no secret
        mode = LaneMode.AUTOMATIC if self.dice.random() < 0.25 else LaneMode.ATTENDED
        self.lane = WorldLane(self.dice, mode=mode)
        self.traffic = Traffic(lane=self.lane, seed=seed)
        self.officer = Officer(lane=self.lane, traffic=self.traffic)
        names = self.dice.sample(list(FAULTS), self.dice.choice([2, 3, 4]))
        self.plan = sorted((self.dice.uniform(5.0, 120.0), name) for name in names)
        self.begun: list[str] = []
        self._end_at = 0.0
        self._end: Callable[[], None] = nothing
        self._ending = False

    def run(self) -> Outcome:
        began = self.lane.time.now()
        try:
            while not self.traffic.done:
                if self.lane.time.now() - began > MOST_SECONDS:
                    return self._outcome(began, ("the lane never gets empty",))
                self._turn(began)
            self._mend()
            last = self.lane.time.now() + AFTERWARDS
            while self.lane.time.now() < last:
                self._turn(began)
            self.lane.stop()
            return self._outcome(began, tuple(compare(self)))
        finally:
            self.lane.close()

    def _turn(self, began: float) -> None:
        self.lane.turn()
        self.traffic.turn()
        self.officer.turn()
        now = self.lane.time.now()
        if self._ending and now >= self._end_at:
            self._mend()
        if not self._ending and self.plan and now - began >= self.plan[0][0]:
            _, name = self.plan.pop(0)
            self.begun.append(name)
            self._end = FAULTS[name](self.lane)
            self._ending, self._end_at = True, now + self.dice.uniform(0.1, 6.0)
        if self.lane.barrier.buttons["reset"] and self.lane.dice.random() < 0.05:
            self.lane.barrier.buttons["reset"] = False

    def _mend(self) -> None:
        self._end()
        self._ending, self._end = False, nothing

    def _outcome(self, began: float, differences: tuple[str, ...]) -> Outcome:
        lane = self.lane
        kinds = {number: guest.kind for number, guest in self.traffic.guests.items()}
        visits = lane.sightings.visits
        counts = Counter(self.begun)
        counts["vehicles"] = len(kinds)
        counts["tailgate"] = sum(
            kinds[one.vehicle] is Kind.TAILGATER and one.gap < 2.0 for one in visits
        )
        counts["reversal"] = sum(not one.forward for one in visits)
        entries = lane.entries()
        counts["override"] = sum(entry[0] == "override_given" for entry in entries)
        counts["replay"] = lane.reader.told
        counts["passed"] = len(lane.sightings.passed())
        counts["opened"] = lane.openings.rightful
        counts["restarts"] = lane.starts - 1
        return Outcome(
            seed=self.seed,
            differences=differences,
            counts=counts,
            seconds=lane.time.now() - began,
        )
