"""The simulator's control: JSON over HTTP, on the loopback alone."""

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from services.lane_gateway.simulator.requests import Requests
from shared.errors import InvalidInput, TrustlaneError

LOOPBACK = "127.0.0.1"
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})
LONGEST_BODY = 100_000


class Control:
    """Serves requests about the simulated lanes in threads of its own."""

    def __init__(self, requests: Requests, *, port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"requests": requests})
        self._server = ThreadingHTTPServer((LOOPBACK, port), handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="control",
            daemon=True,
        )

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(timeout=5)
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    requests: Requests

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: the truth log tells more."""

    def _handle(self, method: str) -> None:
        try:
            self._answer(HTTPStatus.OK, self._do(method))
        except TrustlaneError as error:
            problem = {"code": error.code, "detail": str(error)}
            if isinstance(error, InvalidInput):
                problem["fields"] = dict(error.fields)  # type: ignore[assignment]  # plain JSON
            self._answer(HTTPStatus(error.status), problem)

    def _do(self, method: str) -> object:
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host not in LOCAL_NAMES:
            # A page in somebody's browser must not drive cars through a name of its own.
            raise InvalidInput({"Host": ["Only the loopback is served"]})
        if method != "GET" and self.headers.get("Origin") is not None:
            # Nor by a form that it sends here: browsers name the page with whatever changes things.
            raise InvalidInput({"Origin": ["No page is served"]})
        address = urlsplit(self.path)
        if method == "GET" and address.path == "/truth":
            after = parse_qs(address.query).get("after", ["0"])[0]
            return self.requests.truth(int(after) if after.isdecimal() else 0)
        return self.requests.answer(method, address.path, self._body())

    def _body(self) -> dict[str, object]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            raise InvalidInput({"body": ["Too long"]})
        try:
            body = json.loads(self.rfile.read(int(length)) or b"{}")
        except ValueError as error:
            raise InvalidInput({"body": ["Not JSON"]}) from error
        if not isinstance(body, dict):
            raise InvalidInput({"body": ["Not an object"]})
        return body

    def _answer(self, status: HTTPStatus, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
