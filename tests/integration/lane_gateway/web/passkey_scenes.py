"""What it takes to have an officer with a working passkey, and a stranger at the door."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.lane_gateway.domain.passkey import Passkey
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.soft_passkey import SoftPasskey
from tests.signing_in import csrf_token


@dataclass
class Stranger:
    """Somebody at the sign-in page."""

    client: FlaskClient

    def post(self, path: str, **fields: str) -> TestResponse:
        sent = {"csrf_token": csrf_token(self.client), **fields}
        return self.client.post(path, data=sent)

    def asked(self) -> dict[str, Any]:
        options: dict[str, Any] = self.post("/en/passkey/options").json or {}
        return options

    def enter(self, passkey: SoftPasskey, **fields: str) -> TestResponse:
        return self.post("/en/passkey", answer=passkey.sign(self.asked()), **fields)

    def opens(self, path: str = "/en/lanes") -> int:
        return self.client.get(path).status_code


def add(officer: Officer, passkey: SoftPasskey) -> TestResponse:
    options = officer.post("/en/passkeys/options", label="blue key").json
    assert options is not None
    return officer.post("/en/passkeys", label="blue key", answer=passkey.make(options))


def known(site: Site) -> Passkey:
    with site.desk() as work:
        return work.passkeys.every()[0]


def entry_of(passkey: Passkey) -> dict[str, Any]:
    named = ("credential_id", "public_key", "officer", "authority", "roles")
    told = {name: getattr(passkey, name) for name in named}
    return {"passkey_id": str(passkey.id), **told, "roles": list(passkey.roles)}


def a_working_passkey(site: Site, subject: str = "boris", **roster: Any) -> SoftPasskey:
    """Return a passkey that was added, confirmed, and stands on the roster."""
    passkey = SoftPasskey()
    assert add(Officer(site.app, subject), passkey).status_code == 303
    site.use_cases.passkeys.confirm(known(site).id, "paula")
    site.keep_roster([entry_of(known(site))], number=roster.pop("number", 1), **roster)
    return passkey
