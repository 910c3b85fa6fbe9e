import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from deploy.local.ports import free_port
from tests.oidc_provider import oidc_provider

START_LIMIT = 20.0  # seconds; the imports of Flask and Authlib on a busy machine


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running sample service."""

    url: str
    admin: str
    process: subprocess.Popen[bytes]
    log: Path
    down: Path

    def lines(self) -> str:
        return self.log.read_text()


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    people: list[dict[str, object]] = [
        {"sub": "maria", "name": "María Canario", "groups": ["officer", "admin"]},
        {"sub": "olga", "name": "Olga Ramírez", "groups": ["officer", "janitor"]},
        {"sub": "nobody", "name": "No Groups"},
    ]
    with oidc_provider(people) as address:
        yield address


@pytest.fixture
def served(provider: str, tmp_path: Path) -> Iterator[Served]:
    port, admin_port = free_port(), free_port()
    log, down = tmp_path / "log", tmp_path / "down"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integration.shared.web.serving",
                *(str(port), str(admin_port), provider, str(down)),
            ],
            stdout=output,
            stderr=output,
        )
        service = Served(
            url=f"http://localhost:{port}",
            admin=f"http://localhost:{admin_port}",
            process=process,
            log=log,
            down=down,
        )
        try:
            wait_until_alive(service)
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def wait_until_alive(service: Served) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        assert service.process.poll() is None, service.lines()
        try:
            requests.get(f"{service.admin}/healthz", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(service.lines())
