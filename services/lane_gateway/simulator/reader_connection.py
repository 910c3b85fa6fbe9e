"""The bytes between a simulated reader and its client."""

import socket
import ssl
from collections.abc import Iterator

from services.lane_gateway.devices.llrp.errors import DecodeError
from services.lane_gateway.devices.llrp.frames import Framer

CHUNK = 1 << 16
MAX_WAITING = 1 << 24
"""A client that reads nothing while so many bytes wait for it is dropped."""


class Gone(Exception):  # noqa: N818 - the simulator's own signal, not an error of ours
    """The client has left, or is not worth keeping."""


class Connection:
    """One client's non-blocking socket with what waits to be sent."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._framer = Framer()
        self._out = bytearray()

    @property
    def waiting(self) -> bool:
        """Whether bytes wait to be sent."""
        return bool(self._out)

    def frames(self) -> Iterator[bytes]:
        """Read what is there and yield the whole frames; raise ``Gone``."""
        while True:
            try:
                data = self.socket.recv(CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                return
            except OSError as error:
                raise Gone from error
            if not data:
                raise Gone
            self._framer.feed(data)
            try:
                yield from self._framer
            except DecodeError as error:
                raise Gone from error

    def queue(self, data: bytes) -> None:
        """Take bytes to be sent; raise ``Gone`` when too many wait."""
        self._out += data
        if len(self._out) > MAX_WAITING:
            raise Gone

    def flush(self, chunk: int | None = None) -> None:
        """Send as much as the socket takes, in pieces of ``chunk`` bytes; raise ``Gone``."""
        size = chunk or CHUNK
        while self._out:
            try:
                del self._out[: self.socket.send(bytes(self._out[:size]))]
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                return
            except OSError as error:
                raise Gone from error
