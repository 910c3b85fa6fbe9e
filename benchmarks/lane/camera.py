"""A plate camera without threads."""

import json
import socket
from contextlib import suppress
from datetime import UTC, datetime

from benchmarks.lane.loop import Loop

CHUNK = 4096


class LoadCamera:
    """One camera with any number of clients."""

    def __init__(self, loop: Loop, port: int) -> None:
        self._loop = loop
        self._clients: list[socket.socket] = []
        loop.listen(port, self._take)

    @property
    def watched(self) -> bool:
        """Tell whether anybody is connected."""
        return bool(self._clients)

    def see(self, plate: str, region: str) -> None:
        """Send a plate that was read well."""
        at = datetime.now(UTC).isoformat()
        line = {"plate": plate, "region": region, "confidence": 0.96, "at": at}
        for client in self._clients:
            with suppress(OSError):
                client.send(json.dumps(line).encode() + b"\n")

    def _take(self, connection: socket.socket) -> None:
        def listen() -> None:
            with suppress(BlockingIOError):
                if not connection.recv(CHUNK):
                    self._clients.remove(connection)
                    self._loop.forget(connection)

        self._clients.append(connection)
        self._loop.watch(connection, listen)
