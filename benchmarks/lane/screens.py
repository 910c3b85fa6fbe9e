"""The screens at the booths: started beside the site's web, and asked afterwards what they saw."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from benchmarks.lane.premises import Premises
from deploy.local.processes import passed_on
from deploy.local.supervisor import Program

NAME = "screens"
OPEN_PATIENCE = 30.0
SILENT = 3.0
"""Seconds without an event after which a screen is not live, as the pages themselves have it."""
METRIC = "trustlane_event_streams{"


@dataclass
class Screens:
    """What all screens together have received; filled when they are switched off."""

    wanted: int
    told: Sequence[dict[str, object]] = field(default_factory=list)

    @property
    def served(self) -> int:
        """Return how many were answered, got states and beats, and did so to the end."""
        return sum(
            " 200 " in str(one["status"])
            and bool(one["states"])
            and bool(one["beats"])
            and float(str(one["silent"])) < SILENT
            for one in self.told
        )

    @property
    def events(self) -> int:
        """Return how many events they received together."""
        return sum(int(str(one["states"])) + int(str(one["beats"])) for one in self.told)

    def wrong(self) -> list[str]:
        """Say what is wrong with them."""
        if self.served == self.wanted:
            return []
        answers = sorted({str(one["status"]) for one in self.told})
        return [f"{self.served} of {self.wanted} screens were served; answers: {answers}"]


@contextmanager
def screens(premises: Premises, amount: int) -> Iterator[Screens]:
    """Run the site's web with ``amount`` screens on it while the context lasts."""
    seen = Screens(wanted=amount)
    if amount == 0:
        yield seen
        return
    premises.start_web()
    result = premises.layout.folder / "screens.json"
    _switch_on(premises, amount, result)
    try:
        yield seen
    finally:
        premises.supervisor.stop(NAME)
        if result.exists():
            seen.told = json.loads(result.read_text(encoding="utf-8"))


def _switch_on(premises: Premises, amount: int, result: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.lane.streams"]
    lanes = [lane.id for lane in premises.layout.lanes]
    address = premises.layout.url("lane_gateway")
    premises.supervisor.start(
        Program(
            name=NAME,
            command=[*command, address, str(amount), str(result), *lanes],
            environment=passed_on(),
        )
    )
    limit = time.monotonic() + OPEN_PATIENCE
    while _open_streams(premises) < amount and time.monotonic() < limit:
        time.sleep(0.2)


def _open_streams(premises: Premises) -> float:
    address = f"{premises.layout.admin_url('lane_gateway')}/metrics"
    with urlopen(address, timeout=5) as answer:  # noqa: S310 - our own process's port
        lines = answer.read().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(METRIC))
