"""Health, readiness and metrics on a port of their own, so that a busy service still answers."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.errors import TrustlaneError

Checks = Mapping[str, Callable[[], None]]
"""Each check returns if what it looks at is ready, or raises one of our errors."""

JSON = "application/json"
STOP_POLL = 0.1  # seconds; how long a stop waits for the port to be let go

log = structlog.get_logger()


class AdminServer(ThreadingHTTPServer):
    """Answers ``/healthz``, ``/readyz`` and ``/metrics``."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], checks: Checks) -> None:
        super().__init__(address, _Handler)
        self.checks = checks

    @property
    def port(self) -> int:
        """Return the port, also when any free one was asked for."""
        return int(self.server_address[1])

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Let a caller that went away go: there is nobody to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: AdminServer
    timeout = 5  # seconds; a caller that says nothing must not hold a thread

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(200, JSON, b'{"status": "alive"}')
        elif self.path == "/readyz":
            found = look(self.server.checks)
            ready = all(state == "ok" for state in found.values())
            self._answer(200 if ready else 503, JSON, json.dumps(found).encode())
        elif self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
        else:
            self._answer(404, JSON, b"{}")

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: probes ask each second."""


def look(checks: Checks) -> dict[str, str]:
    """Return ``ok`` or the code of its error for each check."""
    found = {}
    for name, check in checks.items():
        try:
            check()
        except TrustlaneError as error:
            found[name] = error.code
        except Exception as error:
            log.warning("check failed", check=name, exc_info=error)
            found[name] = TrustlaneError.code
        else:
            found[name] = "ok"
    return found


@contextmanager
def admin_server(port: int, checks: Checks, *, host: str = "0.0.0.0") -> Iterator[AdminServer]:  # noqa: S104 - probes and the metrics collector come from other hosts
    """Answer on ``port`` for as long as the block runs; raises ``OSError`` if it is taken."""
    server = AdminServer((host, port), checks)
    thread = Thread(target=server.serve_forever, args=(STOP_POLL,), name="admin", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
