"""The newest picture of every lane, as its agent sends it; nothing older is kept or shown again.

A lane is live only while its agent's scan counter moves. A frozen green is the dangerous failure:
so a picture that repeats the counter, comes late or belongs to the past does not make a lane live,
and a lane turns not live by itself, without anybody sending anything.
"""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Condition, Event, Thread
from uuid import UUID

import structlog

from services.lane_gateway.domain.live import LivePassage, LiveState
from services.lane_gateway.web.live_metrics import DATAGRAMS, LANE_LIVE
from services.lane_gateway.web.live_state import read_live
from shared.clock import Clock, utc_now
from shared.errors import Unavailable, Unreadable

LIVE_FOR = 2.5
"""Seconds after the counter last moved; the screen has to say so within three."""

LATE = timedelta(seconds=1)
"""A datagram this old waited in the socket while we were stopped; its verdict may be over."""

MOST_BYTES = 1 << 18  # a picture has some kilobytes; one that is cut off cannot be read
LOOK = 0.5  # seconds between two looks at the stop event
MODE = 0o600

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneLive:
    """The newest picture of one lane; all times are this host's monotonic clock.

    ``moved_at`` is when the scan counter last moved, ``None`` while that was not seen yet.
    ``verdict_since`` is when the verdict (or the authorisation on it) was first seen here.
    """

    number: int
    state: LiveState
    came_at: float
    moved_at: float | None
    verdict_since: float

    def age(self, now: float) -> float | None:
        """Return the seconds since the counter moved, ``None`` where it never did."""
        return None if self.moved_at is None else max(0.0, now - self.moved_at)

    def is_live(self, now: float) -> bool:
        """Tell whether the agent was at work just now."""
        age = self.age(now)
        return age is not None and age < LIVE_FOR


class LiveHub:
    """Takes the datagrams of all agents of the site, and wakes whoever waits for one."""

    def __init__(
        self,
        path: Path,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self._path = path
        self._monotonic = monotonic
        self._clock = clock
        self._lanes: dict[str, LaneLive] = {}
        self._changed = Condition()
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Bind the socket and listen; the agents need no word from us."""
        self._path.unlink(missing_ok=True)
        incoming = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        incoming.bind(str(self._path))
        self._path.chmod(MODE)
        incoming.settimeout(LOOK)
        self._thread = Thread(target=self._listen, args=(incoming,), name="live-hub", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._path.unlink(missing_ok=True)
            self._thread = None

    def check(self) -> None:
        """Raise ``Unavailable`` unless the hub listens."""
        if self._thread is None or not self._thread.is_alive():
            raise Unavailable("Nobody listens to the lanes")

    def now(self) -> float:
        """Return the time by the clock of ``LaneLive``."""
        return self._monotonic()

    def look(self, lane: str) -> LaneLive | None:
        """Return the newest picture of a lane, live or not."""
        with self._changed:
            return self._lanes.get(lane)

    def all(self) -> Mapping[str, LaneLive]:
        """Return the newest pictures of all lanes."""
        with self._changed:
            return dict(self._lanes)

    def wait(self, lane: str, seen: int, timeout: float) -> LaneLive | None:
        """Return a picture newer than number ``seen``, or the same one after ``timeout``.

        It also returns at the moment when the lane stops being live.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._number(lane) != seen, self._until(lane, timeout))
            return self._lanes.get(lane)

    def wait_any(self, seen: Mapping[str, int], timeout: float) -> Mapping[str, LaneLive]:
        """Return all pictures once one of them is newer than ``seen``, or after ``timeout``."""
        with self._changed:
            self._changed.wait_for(lambda: numbers_of(self._lanes) != seen, timeout)
            return dict(self._lanes)

    def poke(self) -> None:
        """Wake everybody who waits: something beside the lanes has changed."""
        with self._changed:
            for lane, live in self._lanes.items():
                self._lanes[lane] = _renumbered(live)
            self._changed.notify_all()

    def take(self, data: bytes) -> None:
        """Take one datagram in; what cannot be read, repeats or is late changes nothing."""
        try:
            state = read_live(data)
        except Unreadable as error:
            DATAGRAMS.labels("unreadable").inc()
            log.warning("live picture refused", reason=str(error), size=len(data))
            return
        if abs(self._clock() - state.at) > LATE:
            DATAGRAMS.labels("late").inc()
            return
        DATAGRAMS.labels("taken").inc()
        with self._changed:
            known = self._lanes.get(state.lane)
            if known is not None and _is_older(state, known.state):
                return
            self._lanes[state.lane] = self._next(known, state)
            self._changed.notify_all()
        LANE_LIVE.labels(state.lane).set_function(partial(self._is_live, state.lane))

    def _next(self, known: LaneLive | None, state: LiveState) -> LaneLive:
        now = self._monotonic()
        if known is None:
            return LaneLive(number=1, state=state, came_at=now, moved_at=None, verdict_since=now)
        same_run = known.state.run == state.run
        moved = same_run and state.scans > known.state.scans
        same_verdict = _verdict_of(known.state) == _verdict_of(state)
        return LaneLive(
            number=known.number + 1,
            state=state,
            came_at=now,
            moved_at=now if moved else known.moved_at if same_run else None,
            verdict_since=known.verdict_since if same_verdict else now,
        )

    def _listen(self, incoming: socket.socket) -> None:
        with incoming:
            while not self._stop.is_set():
                try:
                    data = incoming.recv(MOST_BYTES)
                except TimeoutError:
                    continue
                self.take(data)

    def _is_live(self, lane: str) -> float:
        live = self.look(lane)
        return float(live is not None and live.is_live(self._monotonic()))

    def _number(self, lane: str) -> int:
        live = self._lanes.get(lane)
        return 0 if live is None else live.number

    def _until(self, lane: str, timeout: float) -> float:
        live = self._lanes.get(lane)
        age = None if live is None else live.age(self._monotonic())
        ends = None if age is None or age >= LIVE_FOR else LIVE_FOR - age
        return timeout if ends is None else min(timeout, ends)


def numbers_of(lives: Mapping[str, LaneLive]) -> dict[str, int]:
    """Return the number of each lane's picture, for ``wait_any``."""
    return {lane: live.number for lane, live in lives.items()}


def main_passage(state: LiveState) -> LivePassage | None:
    """Return the vehicle that the officer deals with: at the arm, else coming, else passing."""
    if state.front is not None:
        return state.front
    return state.approaching[0] if state.approaching else state.passing


def _verdict_of(state: LiveState) -> tuple[UUID | None, object, object, str]:
    main = main_passage(state)
    if main is None:
        return None, None, None, state.word
    return main.passage_id, main.decided_at, main.authorisation, state.word


def _is_older(state: LiveState, known: LiveState) -> bool:
    """Tell whether a picture of the same run is from before the one that we have."""
    return state.run == known.run and state.scans < known.scans


def _renumbered(live: LaneLive) -> LaneLive:
    return LaneLive(
        number=live.number + 1,
        state=live.state,
        came_at=live.came_at,
        moved_at=live.moved_at,
        verdict_since=live.verdict_since,
    )
