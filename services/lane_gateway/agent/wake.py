"""The sockets between an agent and the other processes of its site: wake-ups in, pictures out."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path

from services.lane_gateway.domain.live import LiveState, live_json

LONGEST = 4096


class WakeSocket:
    """A Unix datagram socket that any process of the site may write to; the content is ignored.

    ``poke`` does the same from a thread of this process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        mask = os.umask(0o077)
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(mask)
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library's own signature

    def fileno(self) -> int:
        """Return the socket to wait on."""
        return self._socket.fileno()

    def drain(self) -> bool:
        """Take all wake-ups in; tell whether there was one."""
        woken = False
        with suppress(BlockingIOError):
            while True:
                self._socket.recv(LONGEST)
                woken = True
        return woken

    def poke(self) -> None:
        """Wake the loop from another thread."""
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)  # noqa: FBT003 - the standard library's own signature
            sender.sendto(b"", str(self._path))

    def close(self) -> None:
        """Let go of the socket and its name; safe to call twice."""
        self._socket.close()
        self._path.unlink(missing_ok=True)


class DatagramLiveFeed:
    """The port ``LiveFeed``: one datagram a picture, to whoever has bound ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library's own signature

    def publish(self, state: LiveState) -> None:
        """Hand over the picture; nobody may be listening, and nobody is waited for."""
        data = json.dumps(live_json(state)).encode()
        with suppress(OSError):
            self._socket.sendto(data, self._path)

    def close(self) -> None:
        """Let go of the socket; safe to call twice."""
        self._socket.close()
