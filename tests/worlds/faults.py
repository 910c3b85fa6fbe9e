"""The faults of a random world: each begins, lasts a while, and ends."""

from collections.abc import Callable

from services.lane_gateway.simulator.vehicle import SimulatedCard
from tests.worlds.devices import number_of
from tests.worlds.lane import Begin, WorldLane


def _set(pick: Callable[[WorldLane], object], name: str, value: object) -> Begin:
    def begin(lane: WorldLane) -> Callable[[], None]:
        owner = pick(lane)
        before = getattr(owner, name)
        setattr(owner, name, value)
        return lambda: setattr(owner, name, before)

    return begin


def nothing() -> None:
    """End what ends by itself."""


def _module_restarted(lane: WorldLane) -> Callable[[], None]:
    lane.barrier.restart()
    return _set(lambda lane: lane.io, "lost", value=True)(lane)


def _restart(lane: WorldLane) -> Callable[[], None]:
    lane.kill(down=lane.dice.uniform(0.1, 4.0))
    return nothing


def _trip(lane: WorldLane) -> Callable[[], None]:
    where = lane.dice.choice(
        ["scan", "before_write", "after_write", "before_commit", "after_commit"]
    )
    target = lane.disk if where.endswith("commit") else lane.io
    target.trip = where

    def end() -> None:
        target.trip = ""

    return end


def _clock_stepped(lane: WorldLane) -> Callable[[], None]:
    hours = lane.dice.choice([-1.0, 1.0])
    lane.time.step_wall(hours)
    return lambda: lane.time.step_wall(-hours)


def _replay(lane: WorldLane) -> Callable[[], None]:
    """Let the reader send what it remembers: cards of vehicles that were here, and strangers."""
    seen = [card for one in lane.world.vehicles for card in one.cards]
    strangers = [SimulatedCard(epc=number_of(0, "stranger"), tid=number_of(0, "chip"))]
    lane.reader.replays += lane.dice.choices(seen + strangers, k=20)
    return nothing


def _slow_disk(lane: WorldLane) -> Callable[[], None]:
    lane.disk.slow = lane.dice.uniform(0.05, 0.3)

    def end() -> None:
        lane.disk.slow = 0.0

    return end


def _hanging_disk(lane: WorldLane) -> Callable[[], None]:
    lane.disk.hang = lane.dice.uniform(0.5, 4.0)
    return nothing


def _stuck(name: str, *, on: bool) -> Begin:
    return _set(lambda lane: lane.barrier.faults, "stuck", {name: on})


def _emergency(lane: WorldLane) -> Callable[[], None]:
    lane.barrier.buttons["emergency"] = True

    def end() -> None:
        lane.barrier.buttons["emergency"] = False
        lane.barrier.buttons["reset"] = True

    return end


FAULTS: dict[str, Begin] = {
    "reader lost": _set(lambda lane: lane.reader, "on", value=False),
    "camera lost": _set(lambda lane: lane.camera, "on", value=False),
    "module lost": _set(lambda lane: lane.io, "lost", value=True),
    "module restarted": _module_restarted,
    "loops broken": _set(lambda lane: lane.barrier.faults, "loop_fault", value=True),
    "safety stuck on": _stuck("safety", on=True),
    "arm jammed": _set(lambda lane: lane.barrier.faults, "arm_jammed", value=True),
    "lamp out": _set(lambda lane: lane.barrier.faults, "red_out", value=True),
    "record full": _set(lambda lane: lane.disk, "full", value=True),
    "record slow": _slow_disk,
    "record hangs": _hanging_disk,
    "list lost": _set(lambda lane: lane.cards, "lost", value=True),
    "desk away": _set(lambda lane: lane.desk, "away", value=True),
    "agent restarted": _restart,
    "agent killed": _trip,
    "clock stepped": _clock_stepped,
    "reader replays": _replay,
    "emergency": _emergency,
}
