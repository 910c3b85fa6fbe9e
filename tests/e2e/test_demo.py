"""``make demo`` as a person meets it: one command, one record, one Ctrl-C."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local import children
from deploy.local.layout import SERVICES
from deploy.local.paths import ROOT
from deploy.local.rabbitmq import RabbitServer

READY_PATIENCE = 180.0
STOP_PATIENCE = 40.0
LOOPBACK_LIMIT = 32_768
STANDARD_PORTS = (4369, 5432, 5672, 8001, 8002, 8003, 8080, 9001, 9002, 9003, 5084, 5020, 5090)
COMMAND = [sys.executable, "-m", "deploy.local.demo", "--folder"]


@contextmanager
def demo(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [*COMMAND, str(folder), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def record_of(folder: Path, process: "subprocess.Popen[str]") -> dict[str, Any]:
    deadline = time.monotonic() + READY_PATIENCE
    path = folder / "demo.json"
    while not path.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.1)
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def status_of(url: str) -> int:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    finally:
        connection.close()


def family_of(pid: int) -> list[int]:
    """Return the process and everything it has started, at any depth."""
    found = [pid]
    for child in children.children_of(pid):
        found += family_of(child)
    return found


@pytest.fixture(scope="module")
def place(server_folder: Path) -> Path:
    return server_folder / "demo"


@contextmanager
def standard_ports_taken() -> Iterator[None]:
    """Listen where PostgreSQL, RabbitMQ, Keycloak and a composed system would."""
    with ExitStack() as stack:
        for port in STANDARD_PORTS:
            with suppress(OSError):  # somebody else has it already, which is the same
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        yield


def test_one_command_brings_it_up_and_ctrl_c_leaves_nothing(place: Path) -> None:
    with standard_ports_taken(), demo(place) as process:
        record = record_of(place, process)
        family = family_of(process.pid)

        assert record["ready"] is True
        assert record["broker"] == "embedded"
        assert set(record["services"]) == set(record["metrics"]) == set(SERVICES)
        assert {lane["id"] for lane in record["lanes"]} == {"l1", "l2"}
        assert {person["role"] for person in record["people"]} >= {"applicant", "officer", "booth"}
        urls = [*record["services"].values(), *record["oidc"].values()]
        for url in urls:
            assert urlsplit(url).hostname == "localhost"
            assert (urlsplit(url).port or 0) < LOOPBACK_LIMIT
        for url in record["services"].values():
            assert status_of(f"{url}/en/") in {200, 302}
        for url in record["metrics"].values():
            assert status_of(url) == 200

        refused = subprocess.run(
            [*COMMAND, str(place)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert refused.returncode == 1
        assert record["services"]["enrollment"] in refused.stderr
        assert process.poll() is None, "the first one goes on"

        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_PATIENCE) == 0

    assert children.wait_gone(family) == []
    assert not (place / "demo.json").exists()


def test_it_goes_on_with_its_data_and_a_kill_leaves_nothing(place: Path) -> None:
    with demo(place, "--keep") as process:
        record_of(place, process)
        family = family_of(process.pid)

        process.kill()
        process.wait()

    assert children.wait_gone(family, patience=30) == []
    (place / "demo.json").unlink()  # a killed demo cannot; the next one does, and takes a moment


def test_it_runs_on_a_rabbitmq_of_ones_own(place: Path, rabbitmq: RabbitServer) -> None:
    with demo(place, "--broker", rabbitmq.new_vhost("demo")) as process:
        record = record_of(place, process)

        assert record["broker"] == "amqp"
        for url in record["metrics"].values():
            assert status_of(url.replace("/metrics", "/readyz")) == 200

        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_PATIENCE) == 0
