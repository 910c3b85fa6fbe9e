import io
import json
import logging
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import structlog
from flask import Flask

from shared.context import acting
from shared.errors import Unavailable
from shared.web.health import admin_server, look
from shared.web.logs import configure_logging
from shared.web.streams import StreamEvent, event_stream


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logging("sample", stream=stream)
    yield stream
    root.handlers = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_lines_are_json_with_service_level_and_request(lines: io.StringIO) -> None:
    with acting(request_id="request-1"):
        structlog.get_logger("x").info("something happened", count=3)
        logging.getLogger("library").warning("of %s", "a library")
    first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    assert first["event"] == "something happened"
    assert first["count"] == 3
    assert second["event"] == "of a library"
    for line in (first, second):
        assert line["service"] == "sample"
        assert line["request_id"] == "request-1"
        assert line["timestamp"].endswith("Z")
        assert line["level"] in ("info", "warning")


def test_an_exception_is_logged_by_kind_and_place_and_never_by_its_text(
    lines: io.StringIO,
) -> None:
    def fail() -> None:
        try:
            int("Canary Cantilever")
        except ValueError as error:
            raise Unavailable("The database did not answer") from error

    try:
        fail()
    except Unavailable:
        logging.getLogger("library").exception("failed")
        structlog.get_logger().exception("failed, too")
    for line in lines.getvalue().splitlines():
        assert json.loads(line)["error"] == [
            "shared.errors.Unavailable: The database did not answer",
            "builtins.ValueError",
        ]
    assert "Cantilever" not in lines.getvalue()


def test_talkative_libraries_are_heard_from_warnings_on(lines: io.StringIO) -> None:
    logging.getLogger("authlib.oauth2").info("a token")
    assert lines.getvalue() == ""


def test_readiness_names_what_is_missing() -> None:
    def down() -> None:
        raise Unavailable("down")

    def broken() -> None:
        raise KeyError("broken")

    found = look({"database": lambda: None, "broker": down, "feed": broken})
    assert found == {"database": "ok", "broker": "unavailable", "feed": "error"}


def test_the_admin_port_answers_and_is_let_go() -> None:
    ready = [True]

    def check() -> None:
        if not ready[0]:
            raise Unavailable("not yet")

    with admin_server(0, {"database": check}, host="127.0.0.1") as server:
        address = f"http://127.0.0.1:{server.port}"
        assert status(f"{address}/healthz") == 200
        assert status(f"{address}/readyz") == 200
        assert status(f"{address}/metrics") == 200
        assert status(f"{address}/other") == 404
        ready.clear()
        ready.append(False)
        assert status(f"{address}/readyz") == 503
        port = server.port
    with admin_server(port, {}, host="127.0.0.1") as again:
        assert again.port == port


def test_events_are_written_as_browsers_read_them() -> None:
    event = StreamEvent(data="a\nb", event="verdict", id="7")
    assert event.encoded() == "id: 7\nevent: verdict\ndata: a\ndata: b\n\n"
    assert StreamEvent(data="x").encoded() == "event: message\ndata: x\n\n"


def test_a_stream_beats_while_nothing_happens_and_ends_with_the_process(app: Flask) -> None:
    events: list[StreamEvent | None] = [StreamEvent(data="go"), None]
    stop = app.extensions["trustlane"].settings.stop

    def next_event(timeout: float) -> StreamEvent | None:
        assert timeout == 1.0
        if len(events) == 1:
            stop.set()
        return events.pop(0)

    with app.test_request_context("/en/person/welcome"):
        response = event_stream(next_event)
        assert list(response.response) == [
            "retry: 2000\n\n",
            "event: message\ndata: go\n\n",
            ": alive\n\n",
        ]
        response.close()


def status(address: str) -> int:
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server on this host
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
