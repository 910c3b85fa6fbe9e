"""Screens: ``python -m benchmarks.lane.streams ADDRESS AMOUNT RESULT LANE...``.

Each opens the event stream of one lane's booth page and reads it, until a signal stops the process;
then what each has received is written to the file RESULT.
"""

import json
import selectors
import signal
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from benchmarks.browser import cookies, person, signed_in

CHUNK = 1 << 16
LOOK = 0.2
BOOTH = "boris"


@dataclass
class Screen:
    """What one screen has received."""

    lane: str
    status: str = ""
    states: int = 0
    beats: int = 0
    closed: bool = False
    last: float = 0.0
    """When something came last, by the monotonic clock."""

    def take(self, data: bytes) -> None:
        """Count the events of one chunk."""
        if not data:
            self.closed = True
            return
        if not self.status:
            self.status = data.split(b"\r\n", 1)[0].decode("latin-1")
        self.states += data.count(b"event: state")
        self.beats += data.count(b"event: beat")
        self.last = time.monotonic()


def watch(address: str, cookie: str, screens: Sequence[Screen], stop: Event) -> None:
    """Read all streams until ``stop``."""
    with selectors.DefaultSelector() as selector:
        for screen in screens:
            connection = _open(address, cookie, screen.lane)
            selector.register(connection, selectors.EVENT_READ, screen)
        while not stop.is_set() and selector.get_map():
            for key, _ in selector.select(LOOK):
                if isinstance(key.fileobj, socket.socket):
                    key.data.take(key.fileobj.recv(CHUNK))
                    if key.data.closed:
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
        for key in list(selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()


def _open(address: str, cookie: str, lane: str) -> socket.socket:
    parts = urlsplit(address)
    connection = socket.create_connection((parts.hostname or "localhost", parts.port or 80))
    head = (
        f"GET /en/lanes/{lane}/booth/stream HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Cookie: {cookie}",
        "Accept: text/event-stream",
    )
    connection.sendall("\r\n".join((*head, "", "")).encode())
    return connection


def main(address: str, amount: int, result: Path, lanes: Sequence[str]) -> int:
    """Open the streams, spread over the lanes; write down what they received."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    cookie = cookies(signed_in(address, person(BOOTH)), address)
    screens = [Screen(lane=lanes[place % len(lanes)]) for place in range(amount)]
    watch(address, cookie, screens, stop)
    ended = time.monotonic()
    told = [{**asdict(screen), "silent": ended - screen.last} for screen in screens]
    result.write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]))
