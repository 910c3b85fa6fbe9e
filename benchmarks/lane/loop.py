"""One thread that waits for sockets and for moments, so that nothing stands beside the stamps."""

import heapq
import selectors
import socket
import time
from collections.abc import Callable
from itertools import count

Call = Callable[[], None]
LOOPBACK = "127.0.0.1"
LONGEST_WAIT = 0.5
"""Seconds between two looks at whether the work is done."""


class Loop:
    """Calls back when a socket can be read, and when a moment has come."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._moments: list[tuple[float, int, Call]] = []
        self._numbers = count()

    def listen(self, port: int, taken: Callable[[socket.socket], None]) -> None:
        """Listen on the loopback; hand each new connection over."""
        listener = socket.create_server((LOOPBACK, port))

        def accept() -> None:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(0)
            taken(connection)

        self.watch(listener, accept)

    def watch(self, connection: socket.socket, called: Call) -> None:
        """Call when ``connection`` can be read."""
        self._selector.register(connection, selectors.EVENT_READ, called)

    def forget(self, connection: socket.socket) -> None:
        """Close a connection."""
        self._selector.unregister(connection)
        connection.close()

    def after(self, seconds: float, called: Call) -> None:
        """Call once ``seconds`` from now."""
        self.at(time.monotonic() + seconds, called)

    def at(self, moment: float, called: Call) -> None:
        """Call once at a moment of the monotonic clock."""
        heapq.heappush(self._moments, (moment, next(self._numbers), called))

    def run(self, done: Callable[[], bool]) -> None:
        """Work until ``done``."""
        while not done():
            for key, _ in self._selector.select(self._patience()):
                key.data()
            while self._moments and self._moments[0][0] <= time.monotonic():
                heapq.heappop(self._moments)[2]()

    def close(self) -> None:
        """Close every connection and port."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                self.forget(key.fileobj)
        self._selector.close()

    def _patience(self) -> float:
        if not self._moments:
            return LONGEST_WAIT
        return max(0.0, min(LONGEST_WAIT, self._moments[0][0] - time.monotonic()))
