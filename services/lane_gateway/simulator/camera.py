"""A plate camera that sends one JSON object per line, and sometimes misreads."""

import contextlib
import json
import random
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

SEEN_AS = {"0": "O", "O": "0", "8": "B", "B": "8", "1": "I", "I": "1", "5": "S", "S": "5"}
"""Signs that cameras take for each other."""
SURE, UNSURE = 0.96, 0.62


@dataclass
class CameraFaults:
    """How the camera misbehaves: plates are not seen, or what it sends is no plate."""

    blind: bool = False
    garbage: bool = False
    byte_by_byte: bool = False


class Camera:
    """Serves any number of clients on a loopback port; all get every plate."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        misread_rate: float = 0.0,
        seed: int = 1,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.faults = CameraFaults()
        self.misread_rate = misread_rate
        self._random = random.Random(seed)  # noqa: S311 - a reproducible world, no secret
        self._now = now
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self._clients: list[socket.socket] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to take clients."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port and all connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.disconnect()

    def disconnect(self) -> None:
        """Reset all connections."""
        with self._lock:
            clients, self._clients = self._clients, []
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

    @property
    def clients(self) -> int:
        """Return how many clients are connected."""
        with self._lock:
            return len(self._clients)

    def see(self, plate: str, region: str, *, sure: bool = True) -> str | None:
        """Read a plate and send it; return what was sent, ``None`` if nothing was."""
        if self.faults.blind:
            return None
        read, confidence = plate, SURE if sure else UNSURE
        if self._random.random() < self.misread_rate:
            read, confidence = self._misread(plate), UNSURE
        line = {
            "plate": read,
            "region": region,
            "confidence": confidence,
            "at": self._now().isoformat(),
        }
        self.send(b"{broken" if self.faults.garbage else json.dumps(line).encode())
        return read

    def send(self, line: bytes) -> None:
        """Send any line to all clients."""
        data = line + b"\n"
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            try:
                for part in _parts(data, single=self.faults.byte_by_byte):
                    client.sendall(part)
            except OSError:
                self._forget(client)

    def _misread(self, plate: str) -> str:
        places = [place for place, sign in enumerate(plate) if sign in SEEN_AS]
        if not places:
            return plate[:-1] + "X"
        place = self._random.choice(places)
        return plate[:place] + SEEN_AS[plate[place]] + plate[place + 1 :]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._clients.append(client)

    def _forget(self, client: socket.socket) -> None:
        with self._lock:
            if client in self._clients:
                self._clients.remove(client)
        client.close()


def _parts(data: bytes, *, single: bool) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))] if single else [data]
