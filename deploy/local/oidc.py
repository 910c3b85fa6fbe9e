"""Two OpenID providers for demo and tests: one for people, one for staff.

Each is a process of its own, since the package's import warns. The providers ask for no password
and take any new name as an applicant; addresses are written ``localhost``, never 127.0.0.1, since
a cookie set under one name is not sent to the other.
"""

import json
import sys
from pathlib import Path

from deploy.local.people import PEOPLE
from deploy.local.ports import free_port
from deploy.local.supervisor import Program, Supervisor

ISSUERS = ("people", "staff")
START_PATIENCE = 60.0
"""Seconds: 2 alone, far more while a whole demo starts on two cores."""


def provider(issuer: str, port: int) -> Program:
    """Return the program of one provider."""
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    for person in PEOPLE:
        if person.issuer == issuer:
            command += ["--user-claims", json.dumps(person.claims())]
    return Program(
        name=f"oidc-{issuer}",
        command=command,
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
        ready=f"http://localhost:{port}/.well-known/openid-configuration",
    )


class OidcProviders:
    """Both providers, for tests; the demo runs them among its other programs."""

    def __init__(self, folder: Path) -> None:
        self._ports = {issuer: free_port() for issuer in ISSUERS}
        self._supervisor = Supervisor(logs=folder, cwd=Path("/"))

    @property
    def people_url(self) -> str:
        """The issuer of applicants."""
        return f"http://localhost:{self._ports['people']}"

    @property
    def staff_url(self) -> str:
        """The issuer of staff, whose roles stand in the claim ``groups``."""
        return f"http://localhost:{self._ports['staff']}"

    @property
    def pids(self) -> list[int]:
        """The processes of both."""
        return [self._supervisor.pid(f"oidc-{issuer}") for issuer in self._ports]

    def start(self) -> None:
        """Start both and return once they answer."""
        for issuer, port in self._ports.items():
            self._supervisor.start(provider(issuer, port))
        self._supervisor.wait_ready(patience=START_PATIENCE)

    def stop(self) -> None:
        """Stop both; safe to call twice."""
        self._supervisor.stop_all()
