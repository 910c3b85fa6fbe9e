"""Microseconds to decode one tag of a report, as ``python -m benchmarks.llrp_decode``.

Reports are as our own session asks readers for them: number of 96 bits, inventory, antenna,
strength, two times, access specification and the chip's own number. Three figures: ``decode``
alone, with what a lane takes out of each report, and with every parameter of it made. A fourth is
the glance at a stale report, which is not decoded at all. Each is the median of the runs; the bar
is 8 microseconds a tag for the first.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median

from services.lane_gateway.devices.llrp.clock import ReaderClock
from services.lane_gateway.devices.llrp.codec import Message, decode, encode, message, parameter
from services.lane_gateway.devices.llrp.reports import Reports
from services.lane_gateway.devices.llrp.tags import sighting

BAR_MICROSECONDS = 8.0
TAGS = 50
FRAMES = 200
RUNS = 9
ROSPEC_ID = 0x5EED_0001


def report(first: int) -> Message:
    """Make a report of tags with numbers from ``first`` on."""
    return message(
        "RO_ACCESS_REPORT",
        *(
            parameter(
                "TagReportData",
                parameter("EPC_96", EPC=number.to_bytes(12)),
                parameter("ROSpecID", ROSpecID=ROSPEC_ID),
                parameter("AntennaID", AntennaID=1),
                parameter("PeakRSSI", PeakRSSI=-50),
                parameter("FirstSeenTimestampUTC", Microseconds=1_760_000_000_000_000 + number),
                parameter("LastSeenTimestampUTC", Microseconds=1_760_000_000_000_000 + number),
                parameter("AccessSpecID", AccessSpecID=1),
                parameter("C1G2ReadOpSpecResult", OpSpecID=1, ReadData=number.to_bytes(12)),
            )
            for number in range(first, first + TAGS)
        ),
    )


def measure(work: Callable[[bytes], object], frames: list[bytes], each: int) -> list[float]:
    """Run ``work`` over all frames several times; return microseconds for each of ``each``."""
    runs = []
    for _ in range(RUNS):
        started = time.perf_counter()
        for frame in frames:
            work(frame)
        runs.append((time.perf_counter() - started) / len(frames) / each * 1e6)
    return runs


def take_sightings(frame: bytes) -> None:
    for tag in decode(frame).parameters:
        sighting(tag)


def make_everything(frame: bytes) -> None:
    for tag in decode(frame).parameters:
        assert tag.parameters


def main() -> int:
    """Measure and print; 1 if the bar is missed."""
    frames = [encode(report(number * TAGS)) for number in range(FRAMES)]
    assert encode(decode(frames[0])) == frames[0]
    live = Reports(ROSPEC_ID + 1, ReaderClock())
    live.start(0.0, announced=True)
    figures = {
        "decode": measure(decode, frames, TAGS),
        "decode and take what a lane needs": measure(take_sightings, frames, TAGS),
        "decode and make every parameter": measure(make_everything, frames, TAGS),
        "glance at a stale frame": measure(lambda f: list(live.read(f, 1.0, 1.0)), frames, 1),
    }
    print(f"load {os.getloadavg()[0]:.2f}, {RUNS} runs of {FRAMES} reports of {TAGS} tags")
    for name, runs in figures.items():
        spread = f"{min(runs):.2f} to {max(runs):.2f}"
        print(f"{name}: {median(runs):.2f} microseconds, {spread}")
    met = median(figures["decode"]) <= BAR_MICROSECONDS
    print(f"bar of {BAR_MICROSECONDS:g} microseconds a tag: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
