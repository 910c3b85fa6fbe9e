"""Runs simulated lanes until told to stop, with control, truth log and a scenario."""

import json
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.lane_gateway.devices.lane_file import read_address, read_gate, read_reader
from services.lane_gateway.simulator.control import Control
from services.lane_gateway.simulator.lane import LanePorts, SimulatedLane
from services.lane_gateway.simulator.requests import Requests
from services.lane_gateway.simulator.truth import TruthLog
from shared.errors import InvalidInput, TrustlaneError, Unreadable


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request of a scenario, made ``after`` seconds from the step before it."""

    after: float
    method: str
    path: str
    body: dict[str, object]


def read_lanes(path: Path) -> list[LanePorts]:
    """Read the file of lanes: objects with id, mode, and addresses of reader, gate and camera.

    Raise ``Unreadable`` where it is no such list. A lane in automatic mode has an occupant counter;
    ``"counter": true`` gives one to any lane.
    """
    try:
        return [_ports(lane) for lane in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, InvalidInput) as error:
        raise Unreadable(f"{path} is no list of lanes") from error


def read_scenario(path: Path) -> list[Step]:
    """Read a scenario: a list of ``{"after": s, "method": ..., "path": ..., "body": {...}}``."""
    try:
        return [
            Step(
                after=float(step.get("after", 0)),
                method=str(step.get("method", "POST")),
                path=str(step["path"]),
                body=dict(step.get("body", {})),
            )
            for step in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(f"{path} is no scenario") from error


class Simulator:
    """Lanes on real sockets, with their control; a context manager."""

    def __init__(
        self, lanes: Sequence[LanePorts], *, control: int = 0, truth: Path | None = None
    ) -> None:
        self.truth = TruthLog(truth)
        with ExitStack() as stack:
            self.lanes = {}
            for ports in lanes:
                self.lanes[ports.lane] = lane = SimulatedLane(ports, self.truth)
                stack.callback(lane.stop)
            self.requests = Requests(list(self.lanes.values()), self.truth)
            self.control = Control(self.requests, port=control)
            stack.callback(self.control.stop)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        for lane in self.lanes.values():
            lane.start()
        self.control.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def play(self, scenario: Sequence[Step], stop: threading.Event) -> None:
        """Make the scenario's requests one after the other, until told to stop."""
        for step in scenario:
            if stop.wait(step.after):
                return
            try:
                self.requests.answer(step.method, step.path, step.body)
            except TrustlaneError as error:
                raise InvalidInput({"scenario": [f"{step.path}: {error}"]}) from error


def run(
    lanes: Sequence[LanePorts],
    stop: threading.Event,
    *,
    control: int = 0,
    scenario: Sequence[Step] = (),
    truth: Path | None = None,
) -> None:
    """Run the simulator until ``stop`` is set, also after the scenario's end."""
    with Simulator(lanes, control=control, truth=truth) as simulator:
        simulator.play(scenario, stop)
        stop.wait()


def _ports(lane: dict[str, object]) -> LanePorts:
    counted = lane.get("mode") == "automatic" or lane.get("counter") is True
    gate = read_gate(lane["gate"], counter=counted)
    return LanePorts(
        lane=str(lane["id"]),
        reader=read_reader(lane["reader"]).address.port,
        gate=gate.address[1],
        camera=read_address(lane["camera"])[1],
        io_map=gate.io_map,
    )
