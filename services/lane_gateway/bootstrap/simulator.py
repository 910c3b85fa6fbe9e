"""The simulator as a process of its own; it needs no key and no file of the site."""

import signal
from pathlib import Path
from threading import Event

from services.lane_gateway.simulator.run import read_lanes, read_scenario
from services.lane_gateway.simulator.run import run as simulate


def run(lanes: Path, *, control: int, scenario: Path | None, truth: Path | None) -> int:
    """Stand in for the devices of ``lanes`` until a signal stops the process."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    steps = read_scenario(scenario) if scenario else ()
    simulate(read_lanes(lanes), stop, control=control, scenario=steps, truth=truth)
    return 0
