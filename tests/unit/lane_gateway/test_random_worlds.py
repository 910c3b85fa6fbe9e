"""Random vehicles, officers and faults through the agent's own code, compared with the truth."""

import random
from collections.abc import Callable

import pytest

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.events import (
    DeviceNoted,
    OutputsDriven,
    OverrideGiven,
    PassageAuthorised,
    PassageEnd,
    PassageEnded,
)
from services.lane_gateway.domain.passage import PassageState
from services.lane_gateway.simulator.vehicle import Driver
from tests.unit.lane_gateway.agent_bench import LaneBench
from tests.unit.lane_gateway.builders import OFFICER

VEHICLES = 8
STATUSES = [CardStatus.ACTIVE] * 4 + [CardStatus.HELD, CardStatus.REVOKED]


class Day:
    """One random day at a lane."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a reproducible world, no secret
        self.bench = LaneBench()
        self.bench.barrier.interlock = True
        self.faults = self.random.sample(list(self._faults()), 2)
        self.placed = 0

    def run(self) -> None:
        while self.placed < VEHICLES or self.bench.world.vehicles:
            assert self.bench.turns < 200_000, "the lane never gets empty"
            if self.placed < VEHICLES and len(self.bench.world.vehicles) < 3:
                self._place()
            self.bench.run(self.random.uniform(0.5, 2.0))
            if self.random.random() < 0.05 and self.faults:
                self._fault(self.faults.pop())
            self._officer()
        self.bench.run(20.0)  # a passage whose end nobody saw is over after fifteen

    def _place(self) -> None:
        self.placed += 1
        names = [f"p{self.placed}-{seat}" for seat in range(self.random.randint(0, 4))]
        for name in names:
            self.bench.member(name, status=self.random.choice(STATUSES))
        last = min((one.rear for one in self.bench.world.vehicles), default=0.0)
        self.bench.car(
            *names,
            front=min(-15.0, last - self.random.uniform(2.0, 12.0)),
            speed=self.random.uniform(1.0, 4.0),
            occupants=max(1, len(names) + self.random.choice([0, 0, 0, 1])),
        )

    def _officer(self) -> None:
        """Do what an officer would: count, admit, send to secondary, turn back, reset."""
        bench = self.bench
        picture = bench.picture()
        if picture.gate in {"faulted", "manual"} and self.random.random() < 0.5:
            bench.say(CommandKind.RESET)
        front = bench.controller.tracker.front
        if front is None or front.state is not PassageState.DECIDED:
            return
        car = next((one for one in bench.world.vehicles if one.covers(-4.5, -0.8)), None)
        if car is None:
            return
        if picture.word == "clear" and car.occupants == picture_cards(bench):
            bench.admit(counted=car.occupants)
        elif self.random.random() < 0.7:
            bench.say(CommandKind.SECONDARY)
        elif self.random.random() < 0.3 and len(bench.world.vehicles) == 1:
            bench.say(CommandKind.TURN_BACK, reason="no papers")
            if bench.refused() is None:
                car.driver = Driver.BACK

    def _fault(self, fault: Callable[[], Callable[[], None]]) -> None:
        mend = fault()
        self.bench.run(self.random.uniform(0.1, 4.0))
        mend()

    def _faults(self) -> list[Callable[[], Callable[[], None]]]:
        bench = self.bench

        def attribute(owner: object, name: str, value: object) -> Callable[[], Callable[[], None]]:
            def begin() -> Callable[[], None]:
                before = getattr(owner, name)
                setattr(owner, name, value)
                return lambda: setattr(owner, name, before)

            return begin

        def restart() -> Callable[[], None]:
            bench.start()
            return lambda: None

        def chatter() -> Callable[[], None]:
            bench.barrier.faults.stuck = {"safety": True}
            return lambda: setattr(bench.barrier.faults, "stuck", {})

        return [
            attribute(bench, "reader_on", value=False),
            attribute(bench, "camera_on", value=False),
            attribute(bench.io, "lost", value=True),
            attribute(bench.record, "full", value=True),
            attribute(bench.cards, "lost", value=True),
            attribute(bench.desk, "away", value=True),
            attribute(bench.barrier.faults, "loop_fault", value=True),
            attribute(bench.barrier.faults, "arm_jammed", value=True),
            attribute(bench.barrier.faults, "red_out", value=True),
            restart,
            chatter,
        ]


def picture_cards(bench: LaneBench) -> int:
    front = bench.picture().front
    return front.cards_counted if front else 0


@pytest.mark.rule("R1")
@pytest.mark.rule("R2")
@pytest.mark.rule("R3")
@pytest.mark.rule("R10")
def test_no_random_day_hurts_a_vehicle_or_opens_without_right(
    request: pytest.FixtureRequest,
) -> None:
    for seed in range(2_000 if request.getfixturevalue("soak") else 6):
        day = Day(seed)
        day.run()
        record, what = day.bench.record, day.bench.what()

        assert "arm_on_vehicle" not in what, seed
        given = len(record.of(PassageAuthorised)) + len(record.of(OverrideGiven))
        assert day.bench.times_opened() <= given + reopened(day), seed
        ended = [event.end for event in record.of(PassageEnded)]
        assert ended.count(PassageEnd.PASSED) <= what.count("passed"), seed
        assert len(ended) >= VEHICLES, seed
        assert all(
            event.authorisation.officer == OFFICER for event in record.of(PassageAuthorised)
        ), seed


def reopened(day: Day) -> int:
    """Count the times the arm was raised again to keep it off a vehicle."""
    opened, count, record = False, 0, day.bench.record
    known = {id(event) for event in record.of(PassageAuthorised)}
    fresh = 0
    for entry in record.entries:
        event = entry.event
        fresh += id(event) in known or isinstance(event, OverrideGiven)
        if isinstance(event, DeviceNoted) and event.what == "answers, arm released":
            opened = False
        if isinstance(event, OutputsDriven):
            if event.outputs.open and not opened:
                count += fresh == 0
                fresh = 0
            opened = event.outputs.open
    return count
