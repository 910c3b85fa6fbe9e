"""The port ``PlateReader``: a camera that sends one JSON object per line over TCP.

A line reads ``{"plate": "7ABC123", "region": "CA", "confidence": 0.93, "at": "2026-..."}``; ``at``
may be missing. Misreads are normal, and so are lines that are none: they are counted and skipped.
"""

import errno
import json
import random
import select
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from services.lane_gateway.domain.evidence import PlateRead

LONGEST_LINE = 4096
"""Bytes; a camera that sends longer lines sends something else than plates."""
RETRY_AFTER = 1.0
"""Seconds between two attempts to connect, up to half less; the lane works without a camera."""
CONNECT_WITHIN = 1.0
"""Seconds for one attempt: the camera is on the lane's own wire."""
CHUNK = 65_536
KEEPALIVE = {socket.TCP_KEEPIDLE: 3, socket.TCP_KEEPINTVL: 1, socket.TCP_KEEPCNT: 3}
"""The kernel finds out within 6 s that a silent camera is gone; its lines are no sign of life."""


class CameraLink:
    """A plate camera over TCP; connects and reconnects by itself, in the caller's thread."""

    def __init__(
        self, host: str, port: int, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = (host, port)
        self._monotonic = monotonic
        self._socket: socket.socket | None = None
        self._connecting_until: float | None = None
        self._next_attempt = 0.0
        self._buffer = b""
        self._skipping = False
        self.bad_lines = 0

    @property
    def live(self) -> bool:
        """Tell whether the camera is connected."""
        return self._socket is not None and self._connecting_until is None

    def fileno(self) -> int:
        """Return the socket to wait on, or -1 while there is none."""
        return self._socket.fileno() if self._socket is not None and self.live else -1

    def pending(self) -> bool:
        """Tell that nothing is kept back between two calls of ``poll``."""
        return False

    def poll(self, timeout: float) -> Sequence[PlateRead]:
        """Return the plates that came, nothing after ``timeout`` seconds; never raises."""
        until = self._monotonic() + timeout
        while True:
            self._keep_connected()
            found = self._receive(max(0.0, until - self._monotonic()))
            if found or self._monotonic() >= until:
                return found

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._connecting_until = None
        self._buffer = b""
        self._skipping = False

    def _keep_connected(self) -> None:
        now = self._monotonic()
        if self._socket is None and now >= self._next_attempt:
            self._begin_to_connect(now)
        elif self._connecting_until is not None:
            self._go_on_connecting(now)

    def _begin_to_connect(self, now: float) -> None:
        self._wait_before_next(now)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        self._connecting_until = now + CONNECT_WITHIN
        for option, value in KEEPALIVE.items():
            self._socket.setsockopt(socket.IPPROTO_TCP, option, value)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        try:
            code = self._socket.connect_ex(self._address)
        except OSError:
            self.close()
            return
        if code == 0:
            self._connecting_until = None
        elif code != errno.EINPROGRESS:
            self.close()

    def _go_on_connecting(self, now: float) -> None:
        if self._socket is None or self._connecting_until is None:
            return
        _, writable, _ = select.select([], [self._socket], [], 0)
        if writable and self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            self._connecting_until = None
        elif writable or now > self._connecting_until:
            self._lose()

    def _receive(self, timeout: float) -> list[PlateRead]:
        if self._socket is None or not self.live:
            time.sleep(min(timeout, 0.01))
            return []
        try:
            readable, _, _ = select.select([self._socket], [], [], timeout)
            if not readable:
                return []
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            return []
        except OSError:
            self._lose()
            return []
        if not data:
            self._lose()
            return []
        return self._split(data, self._monotonic())

    def _split(self, data: bytes, arrived: float) -> list[PlateRead]:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        found = []
        for line in lines:
            if self._skipping:
                self._skipping = False
            elif (read := _read_line(line, arrived)) is not None:
                found.append(read)
            else:
                self.bad_lines += 1
        if len(self._buffer) > LONGEST_LINE:
            self.bad_lines += not self._skipping
            self._buffer, self._skipping = b"", True
        return found

    def _lose(self) -> None:
        self.close()
        self._wait_before_next(self._monotonic())

    def _wait_before_next(self, now: float) -> None:
        jitter = random.random()  # noqa: S311 - spreads attempts, guards nothing
        self._next_attempt = now + RETRY_AFTER * (0.5 + 0.5 * jitter)


def _read_line(line: bytes, arrived: float) -> PlateRead | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        values = json.loads(line)
        plate, region = values["plate"], values["region"]
        confidence = float(values["confidence"])
        taken_at = datetime.fromisoformat(values["at"]) if values.get("at") else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if taken_at is not None and taken_at.tzinfo is None:
        taken_at = None  # a time without a zone tells nothing
    if not isinstance(plate, str) or not isinstance(region, str) or not 0 <= confidence <= 1:
        return None
    return PlateRead(
        plate=plate, region=region, confidence=confidence, taken_at=taken_at, arrived=arrived
    )
