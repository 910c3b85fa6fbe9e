"""A real OpenID provider on a real port, as a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import requests

from deploy.local.ports import free_port

START_LIMIT = 20.0  # seconds; its imports take three on a busy machine


@contextmanager
def oidc_provider(people: Sequence[Mapping[str, object]] = ()) -> Iterator[str]:
    """Run a provider that knows ``people`` (claims with ``sub``), and yield its address."""
    port = free_port()
    claims = [part for person in people for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), *claims]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def sign_in(browser: requests.Session, start: str, subject: str) -> requests.Response:
    """Go from our address ``start`` through the provider as ``subject``, back to our page."""
    asked = browser.get(start, timeout=20)
    return browser.post(asked.url, data={"sub": subject}, timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError("The provider ended at once")
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The provider did not start")
