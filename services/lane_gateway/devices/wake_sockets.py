"""Wake a lane's agent with a datagram; what it shall do stands in the stores."""

import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from os import fsencode
from pathlib import Path

LONGEST_PATH = 100  # bytes: the system's limit is 107 with the name


def socket_path(folder: Path, name: str) -> Path:
    """Return where a site's socket lies: in its folder, or in a short one if that is too long."""
    direct = folder / name
    if len(fsencode(direct)) <= LONGEST_PATH:
        return direct
    short = Path(tempfile.gettempdir()) / f"tl-{sha256(fsencode(folder)).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    return short / name


class WakeSockets:
    """Sends the datagrams; nobody may be listening, and nobody is waited for."""

    def __init__(self, folder: Path, lanes: Callable[[], Sequence[str]]) -> None:
        self._folder = folder
        self._lanes = lanes
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def wake(self, lane: str) -> None:
        """Make the lane's agent look at once."""
        # An agent that is away looks by itself when it comes back, and each second anyway.
        with suppress(OSError):
            self._socket.sendto(b"", str(socket_path(self._folder, f"lane-{lane}.sock")))

    def wake_all(self) -> None:
        """Make every lane's agent look at once."""
        for lane in self._lanes():
            self.wake(lane)

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()
