"""Four lanes under load: agents, web and screens are started, vehicles driven, samples taken."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from benchmarks.lane.camera import LoadCamera
from benchmarks.lane.cards import CardList, Vehicle
from benchmarks.lane.drive import Drive, Sample
from benchmarks.lane.gate import LoadGate
from benchmarks.lane.loop import Loop
from benchmarks.lane.premises import Premises
from benchmarks.lane.reader import LoadReader
from benchmarks.lane.watch import AgentWatch
from deploy.local.layout import Lane

RATE = 2.0
"""Vehicles a second at all lanes together."""
CONNECT_PATIENCE = 60.0
SETTLE = 3.0
"""Seconds from connection to load: an agent takes on its mode at its next look at the stores."""
LAST_PATIENCE = 20.0
"""Seconds for what is still under way when the last vehicle was sent."""
_MODE = "SELECT body FROM entries WHERE kind = 'mode_changed' ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run."""

    samples: Sequence[Sample]
    missed: int
    late: int
    seconds: float
    process_cpu: float
    """Milliseconds of CPU of all agents' processes, everything included."""


class Lanes:
    """The devices of all lanes, in one loop with the clock that measures."""

    def __init__(self, premises: Premises, cards: CardList, *, seed: int) -> None:
        self.loop = Loop()
        self._premises = premises
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable load, no secret
        vehicles = self._vehicles(cards)
        self._drives = {lane.id: self._drive(lane, vehicles) for lane in premises.layout.lanes}
        self._watches: Mapping[str, AgentWatch] = {}

    def connect(self) -> None:
        """Start the agents and wait until all decide alone."""
        self._premises.start_agents()
        self._work_until(
            lambda: all(drive.connected for drive in self._drives.values()), CONNECT_PATIENCE
        )
        self._work_until(self._all_automatic, CONNECT_PATIENCE)
        self.rest(SETTLE)
        self._watches = {
            lane: AgentWatch(self._premises.agent(lane), self._premises.files.lane(lane))
            for lane in self._drives
        }

    def rest(self, seconds: float) -> None:
        """Let time pass without vehicles."""
        until = time.monotonic() + seconds
        self.loop.run(lambda: time.monotonic() >= until)

    def measure(self, decisions: int) -> Measured:
        """Drive vehicles at the set rate, and return what was measured."""
        drives = list(self._drives.values())
        for lane, drive in self._drives.items():
            drive.begin(self._watches[lane])
        cpu, begun = self._process_cpu(), time.monotonic()
        for number in range(decisions):
            self.loop.at(begun + number / RATE, drives[number % len(drives)].arrive)
        limit = begun + decisions / RATE + LAST_PATIENCE
        self.loop.run(lambda: self._count() >= decisions or time.monotonic() > limit)
        seconds = time.monotonic() - begun
        return Measured(
            samples=[sample for drive in drives for sample in drive.samples],
            missed=decisions - sum(len(drive.samples) for drive in drives),
            late=sum(drive.late for drive in drives),
            seconds=seconds,
            process_cpu=self._process_cpu() - cpu,
        )

    def idle_cpu(self, seconds: float) -> float:
        """Return the milliseconds of CPU that one agent uses in a second without vehicles."""
        cpu = self._process_cpu()
        self.rest(seconds)
        return (self._process_cpu() - cpu) / seconds / len(self._watches)

    def memory(self) -> float:
        """Return the largest RssAnon of an agent, in megabytes."""
        return max(watch.anonymous_memory() for watch in self._watches.values())

    def close(self) -> None:
        """Let go of all connections."""
        for watch in self._watches.values():
            watch.close()
        self.loop.close()

    def _drive(self, lane: Lane, vehicles: Iterator[Vehicle]) -> Drive:
        return Drive(
            self.loop,
            reader=LoadReader(self.loop, port(lane.reader)),
            gate=LoadGate(self.loop, port(lane.gate)),
            camera=LoadCamera(self.loop, port(lane.camera)),
            vehicles=vehicles,
            chance=self._chance,
        )

    def _vehicles(self, cards: CardList) -> Iterator[Vehicle]:
        while True:
            yield cards.vehicle(self._chance.randrange(cards.vehicles))

    def _work_until(self, done: Callable[[], bool], patience: float) -> None:
        limit = time.monotonic() + patience
        self.loop.run(lambda: done() or time.monotonic() > limit)
        if not done():
            ended = self._premises.supervisor.ended()
            raise TimeoutError(f"The lanes did not get ready; ended: {ended or 'none'}")

    def _all_automatic(self) -> bool:
        files = self._premises.files
        return all(_is_automatic(files.lane(lane)) for lane in self._drives)

    def _count(self) -> int:
        return sum(len(drive.samples) + drive.missed for drive in self._drives.values())

    def _process_cpu(self) -> float:
        return sum(watch.cpu_of_process() for watch in self._watches.values()) / 1e6


def _is_automatic(record: Path) -> bool:
    with closing(sqlite.connect(f"file:{record}?mode=ro", uri=True)) as connection:
        row = connection.execute(_MODE).fetchone()
    return row is not None and '"after":"automatic"' in row[0]


def port(address: str) -> int:
    """Return the port of a device's address."""
    return int(address.rpartition(":")[2])
