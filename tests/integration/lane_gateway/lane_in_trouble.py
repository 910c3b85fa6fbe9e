"""A lane that opens by itself, whose reader is in trouble: what it does and what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.lane_gateway.devices.llrp.settings import TlsSettings
from services.lane_gateway.domain.events import DeviceNoted, OutputsDriven, PassageEnded
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.simulator.lane import LanePorts
from tests.integration.lane_gateway.running_lane import RunningLane

SEEN_WITHIN = 8.0
"""Seconds for a trouble to be noticed: three for a dead link, and a few tries."""


@contextmanager
def running(
    folder: Path, ports: LanePorts, tls: TlsSettings | None = None
) -> Iterator[RunningLane]:
    """A lane that opens by itself, once its camera and its gate are there."""
    lane = RunningLane(folder, mode=LaneMode.AUTOMATIC, ports=ports, tls=tls)
    with lane.simulator:
        lane.start()
        try:
            lane.until(lambda seen: seen["camera_live"] and seen["mode"] == "automatic")
            yield lane
        finally:
            lane.stop()
            lane.incoming.close()
            lane.feed.close()


def waits(lane: RunningLane) -> dict[str, Any]:
    """Let a car come to the arm and see that it is not let in."""
    lane.car("ana")
    seen = lane.until(lambda seen: seen["front"] and seen["word"] == "refer")
    lane.until(lambda _seen: at_gate(lane))
    assert not lane.opened()
    assert lane.world.plc.barrier.position == 0.0
    return seen


def at_gate(lane: RunningLane) -> bool:
    return any(line["what"] == "at_gate" for line in lane.simulator.truth.after(0))


def passes(lane: RunningLane, cars: int = 1) -> None:
    """See the car that waits let in, and compare the record with the truth."""
    lane.until(lambda _seen: happened(lane).count("passed") == cars)
    lane.until(lambda seen: seen["gate"] == "down" and seen["word"] == "waiting")
    assert [str(ended.end) for ended in lane.record.of(PassageEnded)] == ["passed"] * cars
    assert openings(lane) == cars
    assert "arm_on_vehicle" not in happened(lane)


def happened(lane: RunningLane) -> list[str]:
    return [str(line["what"]) for line in lane.simulator.truth.after(0)]


def openings(lane: RunningLane) -> int:
    """Return how often the arm was told to rise."""
    told = [driven.outputs.open for driven in lane.record.of(OutputsDriven)]
    return sum(now and not before for before, now in zip([False, *told], told, strict=False))


def noted(lane: RunningLane) -> list[str]:
    return [note.what for note in lane.record.of(DeviceNoted) if note.device == "reader"]


def lost(lane: RunningLane, alarm: str) -> None:
    """See that the booth is told that the reader is away, and why."""
    seen = lane.until(lambda seen: not seen["reader_live"], within=SEEN_WITHIN)
    assert seen["health"] == "degraded"
    lane.until(lambda _seen: alarm in lane.alarms(), within=SEEN_WITHIN)
    assert {"lost", alarm} <= set(noted(lane))
