"""The connection to a reader: one non-blocking socket, with or without TLS."""

import select
import socket
import ssl
import time
from contextlib import suppress

from services.lane_gateway.devices.llrp.settings import (
    CONNECT_SECONDS,
    SEND_SECONDS,
    TLS_SECONDS,
    ReaderAddress,
    TlsSettings,
)
from services.lane_gateway.use_cases.ports import ReaderLost, ReaderRefused

CHUNK = 1 << 16


class Link:
    """Bytes to and from a reader; every call is bounded in time."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._socket.settimeout(0)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._socket.fileno()

    def pending(self) -> bool:
        """Whether bytes are there that the descriptor will not announce, which TLS may hold."""
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    def wait(self, seconds: float, *, writing: bool = False) -> bool:
        """Wait until the socket can be read (or written), at most so long."""
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT if writing else select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))

    def receive(self) -> bytes:
        """Return the bytes that are there, maybe none; raise ``ReaderLost`` at the end."""
        try:
            data = self._socket.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return b""
        except OSError as error:
            raise ReaderLost(f"The connection broke: {error}") from error
        if not data:
            raise ReaderLost("The reader closed the connection")
        return data

    def send(self, data: bytes) -> None:
        """Send all bytes; raise ``ReaderLost`` if the reader takes none for too long."""
        left = memoryview(data)
        until = time.monotonic() + SEND_SECONDS
        while left:
            try:
                left = left[self._socket.send(left) :]
                until = time.monotonic() + SEND_SECONDS
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                if time.monotonic() >= until:
                    raise ReaderLost("The reader takes no more bytes") from None
                self.wait(until - time.monotonic(), writing=True)
            except OSError as error:
                raise ReaderLost(f"The connection broke: {error}") from error

    def close(self) -> None:
        """Close the socket."""
        with suppress(OSError):
            self._socket.close()


def connect(address: ReaderAddress, deadline: float) -> Link:
    """Connect before ``deadline`` (monotonic); raise ``ReaderLost`` or ``ReaderRefused``."""
    seconds = min(CONNECT_SECONDS, deadline - time.monotonic())
    if seconds <= 0:
        raise ReaderLost("There was no time left to connect")
    try:
        sock = socket.create_connection((address.host, address.port), timeout=seconds)
    except OSError as error:
        raise ReaderLost(f"The reader cannot be reached: {error}") from error
    # Acknowledgements and requests are small and must not wait for company.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if address.tls is None:
        return Link(sock)
    return Link(_secured(sock, address.tls, deadline))


def tls_context(settings: TlsSettings) -> ssl.SSLContext:
    """Trust the pinned authority alone, and require the name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = True
    context.load_verify_locations(cafile=settings.authority)
    return context


def _secured(sock: socket.socket, settings: TlsSettings, deadline: float) -> ssl.SSLSocket:
    try:
        context = tls_context(settings)
    except OSError as error:
        sock.close()
        raise ReaderRefused(f"The pinned authority cannot be read: {error.strerror}") from error
    sock.settimeout(max(0.01, min(TLS_SECONDS, deadline - time.monotonic())))
    try:
        return context.wrap_socket(sock, server_hostname=settings.server_name)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        raise ReaderRefused(f"The certificate does not hold: {error.verify_message}") from error
    except ssl.SSLError as error:
        sock.close()
        raise ReaderRefused(f"What answers does not speak TLS: {error.reason}") from error
    except OSError as error:
        sock.close()
        raise ReaderLost(f"The connection broke during the TLS handshake: {error}") from error
