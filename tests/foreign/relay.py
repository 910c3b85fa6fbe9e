"""A relay on the loopback that keeps a copy of every byte that passes in either direction."""

import select
import socket
import threading
from types import TracebackType
from typing import Self

from services.lane_gateway.devices.llrp.frames import Framer

HOST = "127.0.0.1"
CHUNK = 1 << 16
LOOK_UP = 0.05


class Relay:
    """Carries one connection after the other to ``port``; a context manager."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server((HOST, 0))
        self._server.settimeout(LOOK_UP)
        self.port: int = self._server.getsockname()[1]
        self.upward = bytearray()
        """What the client said."""
        self.downward = bytearray()
        """What the server said."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._server.close()
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._server.accept()
            except TimeoutError:
                continue
            with client, socket.create_connection((HOST, self._target), 5) as server:
                self._carry(client, server)

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        ways = {client: (server, self.upward), server: (client, self.downward)}
        while not self._stopping.is_set():
            ready, _, _ = select.select(list(ways), [], [], LOOK_UP)
            for one in ready:
                other, copy = ways[one]
                try:
                    data = one.recv(CHUNK)
                    copy += data
                    other.sendall(data)
                except OSError:
                    return
                if not data:
                    return


def frames(data: bytes | bytearray) -> list[bytes]:
    """Cut a stream into LLRP frames."""
    framer = Framer()
    framer.feed(bytes(data))
    found = []
    while (frame := framer.pop()) is not None:
        found.append(frame)
    assert not framer.held, "the stream ends within a frame"
    return found
