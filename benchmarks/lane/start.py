"""One lane whose agent is started again and again, with a vehicle in front of its reader."""

import json
import random
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from benchmarks.lane.camera import LoadCamera
from benchmarks.lane.cards import IN_VEHICLE, REGION, CardList
from benchmarks.lane.gate import LoadGate
from benchmarks.lane.loop import Loop
from benchmarks.lane.premises import Premises
from benchmarks.lane.reader import LoadReader
from benchmarks.lane.run import port

LOOK = 0.005
"""Seconds between two looks from outside: so much later a step may be seen than it was made."""
PATIENCE = 30.0
REST = 1.0
_NEWEST = "SELECT max(number) FROM entries"
_DECIDED = (
    "SELECT body FROM entries WHERE kind = 'passage_decided' AND number > ? ORDER BY number LIMIT 1"
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """One start: seconds from just before the process was made."""

    reading: float
    watched: float
    decided: float
    wrong: tuple[str, ...]


class Starter:
    """The lane's devices, and its agent's starts."""

    def __init__(self, premises: Premises, cards: CardList, *, seed: int) -> None:
        self._premises, self._cards = premises, cards
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable load, no secret
        lane = premises.layout.lanes[0]
        self._name = lane.id
        self._record = premises.files.lane(lane.id)
        self._loop = Loop()
        self._reader = LoadReader(self._loop, port(lane.reader))
        self._gate = LoadGate(self._loop, port(lane.gate))
        self._camera = LoadCamera(self._loop, port(lane.camera))

    def start(self) -> Start:
        """Start the agent, wait for the first decision, and stop the agent again."""
        vehicle = self._cards.vehicle(self._chance.randrange(self._cards.vehicles))
        known = _newest(self._record)
        begun = time.monotonic()
        self._premises.start_agents()
        reading = self._when(lambda: self._reader.reading, begun)
        watched = self._when(lambda: self._camera.watched, begun)
        self._camera.see(vehicle.plate, REGION)
        self._reader.place(vehicle.cards)
        decided = self._when(lambda: _decision(self._record, known) is not None, begun)
        body = _decision(self._record, known) or "{}"
        self._premises.supervisor.stop(f"agent-{self._name}")
        self._reader.forget()
        self._rest()
        return Start(reading=reading, watched=watched, decided=decided, wrong=_wrong(body))

    def close(self) -> None:
        """Let go of all connections."""
        self._loop.close()

    def _when(self, done: Callable[[], bool], begun: float) -> float:
        limit = begun + PATIENCE
        while not done():
            if time.monotonic() > limit:
                ended = self._premises.supervisor.ended()
                raise TimeoutError(f"No first decision; ended: {ended or 'none'}")
            self._turn(LOOK)
        return time.monotonic() - begun

    def _rest(self) -> None:
        until = time.monotonic() + REST
        while time.monotonic() < until:
            self._turn(LOOK)

    def _turn(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._loop.after(seconds, lambda: None)
        self._loop.run(lambda: time.monotonic() >= until)


def _newest(record: Path) -> int:
    row = _ask(record, _NEWEST)
    return int(str(row[0] or 0)) if row is not None else 0


def _decision(record: Path, after: int) -> str | None:
    row = _ask(record, _DECIDED, after)
    return str(row[0]) if row is not None else None


def _ask(record: Path, question: str, *values: int) -> tuple[object, ...] | None:
    """Ask a lane's file, which its agent makes at its first start."""
    if not record.exists():
        return None
    address = f"file:{record}?mode=ro"
    with suppress(sqlite.OperationalError), closing(sqlite.connect(address, uri=True)) as reading:
        row: tuple[object, ...] | None = reading.execute(question, values).fetchone()
        return row
    return None


def _wrong(body: str) -> tuple[str, ...]:
    """Say what is wrong with a decision on four members with their own vehicle."""
    decision = json.loads(body).get("decision", {})
    if decision.get("verdict") == "clear" and decision.get("cards_counted") == IN_VEHICLE:
        return ()
    return (f"the first decision is not a clear one on {IN_VEHICLE} cards: {decision}",)
