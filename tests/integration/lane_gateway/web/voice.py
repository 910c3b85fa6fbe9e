"""An agent that is only a voice: live pictures of a lane, and nothing behind them."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.unit.lane_gateway.web.live_builders import a_live_state, datagram


class VoiceOfAgent:
    """Sends live pictures of one lane twenty times a second, as an agent at work does."""

    def __init__(self, path: Path, lane: str = "l1", *, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self.state = a_live_state(lane=lane, run=uuid4())
        self.counting = threading.Event()
        self.counting.set()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._talk, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def say(self, **changes: Any) -> None:
        """Change the picture, and send it at once."""
        front = changes.get("front")
        word = {"word": front.verdict or "waiting"} if front is not None else {}
        with self._lock:
            self.state = replace(self.state, **{**word, **changes})
            self._send()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _talk(self) -> None:
        while not self._stop.wait(0.05):
            if self.counting.is_set():
                with self._lock:
                    self._send()

    def _send(self) -> None:
        self.state = replace(self.state, scans=self.state.scans + 1, at=self._now())
        self._socket.sendto(datagram(self.state), str(self._path))
