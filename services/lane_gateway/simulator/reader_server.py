"""The sockets of a simulated reader: one listener, one client, one thread."""

import selectors
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress

from services.lane_gateway.devices.llrp.codec import encode
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_connection import Connection, Gone
from services.lane_gateway.simulator.reader_machine import ReaderMachine

HANDSHAKE_SECONDS = 2.0
"""A client that does not finish its TLS handshake must not hold up the reader."""
JOIN_SECONDS = 5.0
"""The thread looks up at least every round; if it does not, something is badly wrong."""
FROZEN_SECONDS = 0.02
"""How long the thread sleeps at a time while frozen."""
BACKLOG = 8


class ReaderServer:
    """Carries a machine's messages; ``lock`` guards the machine against other threads."""

    def __init__(
        self, machine: ReaderMachine, host: str, port: int, tls: ssl.SSLContext | None
    ) -> None:
        self.lock = threading.RLock()
        self.port = port
        self.chunk: int | None = None
        self.frozen = False
        self.client: Connection | None = None
        self._machine = machine
        self._host = host
        self._tls = tls
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.settimeout(0)
        self._wake_out.settimeout(0)
        self._selector.register(self._wake_out, selectors.EVENT_READ)
        self._listener: socket.socket | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="reader-simulator", daemon=True)

    def start(self) -> None:
        """Listen, and begin to work; ``OSError`` if the port is taken."""
        try:
            self.listen()
        except OSError:
            self.stop()
            raise
        self._thread.start()

    def stop(self) -> None:
        """Close everything and wait for the thread; safe to call twice."""
        if self._stopping:
            return
        self._stopping = True
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(JOIN_SECONDS)
        self.close_listener()
        self.lose_client()
        self._selector.close()
        self._wake_in.close()
        self._wake_out.close()

    def wake(self) -> None:
        """Have the thread look up at once."""
        with suppress(OSError):
            self._wake_in.send(b"!")

    def listen(self) -> None:
        """Open the port."""
        listener = socket.create_server((self._host, self.port), backlog=BACKLOG)
        listener.settimeout(0)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ)

    def close_listener(self) -> None:
        """Close the port."""
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None

    def lose_client(self, *, reset: bool = False) -> None:
        """Close the connection, by a reset if so wished."""
        client, self.client = self.client, None
        if client is None:
            return
        self._selector.unregister(client.socket)
        if reset:
            with suppress(OSError):
                linger = struct.pack("ii", 1, 0)
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.socket.close()
        self._machine.disconnect()

    def _run(self) -> None:
        while not self._stopping:
            if self.frozen:
                self._sleep()
                continue
            with self.lock:
                now = time.monotonic()
                self._machine.tick(now)
                self._send()
                patience = max(0.0, self._machine.due() - time.monotonic())
            ready = self._selector.select(patience)
            with self.lock:
                if not self._stopping and not self.frozen:
                    self._serve(ready)

    def _sleep(self) -> None:
        time.sleep(FROZEN_SECONDS)
        with suppress(OSError):
            self._wake_out.recv(1 << 12)

    def _serve(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        for key, mask in ready:
            if key.fileobj is self._wake_out:
                with suppress(OSError):
                    self._wake_out.recv(1 << 12)
            elif key.fileobj is self._listener:
                self._accept()
            elif self.client is not None and key.fileobj is self.client.socket:
                self._talk(self.client, mask)

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secured = self._secured(sock)
        if secured is None:
            return
        if self.client is not None:
            self._turn_away(secured)
            return
        secured.settimeout(0)
        self.client = Connection(secured)
        self._selector.register(secured, selectors.EVENT_READ)
        self._machine.connect(time.monotonic())
        self._send()

    def _secured(self, sock: socket.socket) -> socket.socket | None:
        if self._tls is None:
            return sock
        sock.settimeout(HANDSHAKE_SECONDS)
        try:
            return self._tls.wrap_socket(sock, server_side=True)
        except OSError:
            sock.close()
            return None

    def _turn_away(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.settimeout(HANDSHAKE_SECONDS)
            sock.sendall(encode(self._machine.turn_away()))
            sock.shutdown(socket.SHUT_WR)
        sock.close()

    def _talk(self, client: Connection, mask: int) -> None:
        try:
            if mask & selectors.EVENT_READ:
                for frame in client.frames():
                    answer(self._machine, frame, time.monotonic())
            self._send()
        except Gone:
            self.lose_client()

    def _send(self) -> None:
        client = self.client
        if client is None:
            return
        try:
            for message in self._machine.drain():
                client.queue(encode(message))
            client.flush(self.chunk)
        except Gone:
            self.lose_client()
            return
        if self._machine.closing and not client.waiting:
            self.lose_client()
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.waiting else 0)
        if self._selector.get_key(client.socket).events != events:
            self._selector.modify(client.socket, events)
