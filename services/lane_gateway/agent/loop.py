"""The lane's control thread: waits for reader, camera, wake-ups and the next scan, and acts."""

import gc
import select
from collections.abc import Callable, Sequence
from typing import Protocol

from services.lane_gateway.agent.assembly import AgentParts
from services.lane_gateway.agent.controller import LaneController
from services.lane_gateway.agent.reader_link import ReaderLink

SCAN_EVERY = 0.05
"""Seconds between two scans; the watchdog of the gate's module allows twenty missed ones."""
MORE_POLLS = 3
"""Further looks at the reader in one turn while it has more to say."""
AWAITED = 0.001
"""Seconds of waiting after which what is found came just now and not while we were busy."""
LOOK_EVERY = 1.0
"""Seconds after which the stores are looked at without a wake-up."""
PICTURE_EVERY = 0.5
"""Seconds between two pictures of a lane in which nothing changes: the page's heartbeat."""
SAVE_EVERY = 0.5
"""Seconds between two pictures kept in the record."""
TIDY_EVERY = 30.0
"""Seconds between two times of upkeep, and only while the lane is empty."""


class Wake(Protocol):
    """What wakes the loop from outside."""

    def fileno(self) -> int:
        """Return the socket to wait on."""

    def drain(self) -> bool:
        """Tell whether there was a wake-up."""


class Poller(Protocol):
    """Waits on file descriptors as ``select.poll`` does; in a world of virtual time, for that."""

    def register(self, fd: int, eventmask: int) -> None:
        """Wait for ``fd`` from now on."""

    def unregister(self, fd: int) -> None:
        """Wait for ``fd`` no longer."""

    def poll(self, timeout: float) -> Sequence[tuple[int, int]]:
        """Return what is ready within ``timeout`` milliseconds."""


class AgentLoop:
    """Runs one lane until told to stop."""

    def __init__(
        self,
        parts: AgentParts,
        controller: LaneController,
        *,
        reader: ReaderLink,
        wake: Wake,
        poller: Poller | None = None,
    ) -> None:
        self._parts = parts
        self._controller = controller
        self._reader = reader
        self._wake = wake
        self._poller = poller or select.poll()
        self._watched: frozenset[int] = frozenset()
        self._next_scan = self._next_look = self._next_picture = parts.monotonic()
        self._next_save = self._next_tidy = self._next_scan
        self._since = self._polled_at = self._next_scan

    def run(self, stopped: Callable[[], bool]) -> None:
        """Work until ``stopped``; a wake-up makes it look at once."""
        while not stopped():
            self.turn()

    def turn(self) -> None:
        """Wait for the next thing to do, and do all that is there to do."""
        ready = self._wait()
        monotonic, controller = self._parts.monotonic, self._controller
        woken = self._wake.fileno() in ready and self._wake.drain()
        scan_due = monotonic() >= self._next_scan
        self._take_reads()
        if scan_due or self._parts.camera.fileno() in ready or self._parts.camera.pending():
            self._take_plates()
        if scan_due:
            controller.scan()
            # A late scan is not made up for by a burst of scans.
            self._next_scan = max(self._next_scan + SCAN_EVERY, monotonic())
        if woken or monotonic() >= self._next_look:
            self._next_look = monotonic() + LOOK_EVERY
            controller.look_at_stores()
        controller.finish_turn(write=scan_due)
        self._show()
        self._tidy()

    def _wait(self) -> frozenset[int]:
        """Wait for something to do; note since when what is found now may have been there."""
        self._watch()
        reader, camera = self._reader, self._parts.camera
        left = max(0.0, self._next_scan - self._parts.monotonic())
        if reader.pending() or camera.pending():
            left = 0.0
        began = self._parts.monotonic()
        ready = frozenset(number for number, _ in self._poller.poll(left * 1000))
        ended = self._parts.monotonic()
        self._since = ended if ended - began > AWAITED else self._polled_at
        return ready

    def _watch(self) -> None:
        numbers = (self._reader.fileno(), self._parts.camera.fileno(), self._wake.fileno())
        wanted = frozenset(number for number in numbers if number >= 0)
        for gone in self._watched - wanted:
            self._poller.unregister(gone)
        for new in wanted - self._watched:
            self._poller.register(new, select.POLLIN)
        self._watched = wanted

    def _take_reads(self) -> None:
        since, self._polled_at = self._since, self._parts.monotonic()
        items = list(self._reader.poll())
        for _ in range(MORE_POLLS):
            # The parts of one report come in several segments; they are decided on together.
            more = self._reader.poll() if items else ()
            items += more
            if not more:
                break
        self._controller.reader_changed(live=self._reader.live, why=self._reader.failure)
        if items:
            self._controller.reads(items, since=since)

    def _take_plates(self) -> None:
        plates = self._parts.camera.poll(0.0)
        self._controller.camera_changed(live=self._parts.camera.fileno() >= 0)
        if plates:
            self._controller.plates(plates)

    def _show(self) -> None:
        now = self._parts.monotonic()
        if not self._controller.changed and now < self._next_picture:
            return
        self._next_picture = now + PICTURE_EVERY
        picture = self._controller.picture()
        self._parts.live.publish(picture)
        if now >= self._next_save and not self._controller.gate.falls:
            self._next_save = now + SAVE_EVERY
            self._parts.record.save_live(picture)

    def _tidy(self) -> None:
        now = self._parts.monotonic()
        busy = any(self._controller.tracker.every()) or self._controller.gate.falls
        if now >= self._next_tidy and not busy:
            self._next_tidy = now + TIDY_EVERY
            self._controller.recorder.tidy()
            gc.collect()
