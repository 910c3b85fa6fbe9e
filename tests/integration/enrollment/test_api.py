"""The JSON interface for applicants, and what sites ask for."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from services.enrollment.bootstrap import Parts
from services.enrollment.domain.application_form import Step
from services.enrollment.domain.site import Site
from services.enrollment.web.answers import stored
from shared.crypto.client_assertion import make_assertion
from shared.crypto.feed import verify_snapshot
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import from_jwks, public_keys
from shared.crypto.site_seal import open_at_site
from tests.integration.enrollment.conftest import BASE_URL, MovableClock, Office
from tests.integration.enrollment.web import Browser
from tests.unit.enrollment.builders import form

SIGNED = {"truth": True, "checks": True}


@pytest.fixture
def maria(app: Flask) -> Browser:
    return Browser(app)


def told(answer: TestResponse, status: int) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = told(answer, status)
    assert body["code"] == code
    return body


def saved(person: Browser) -> str:
    """Begin an application and save every step; return its path."""
    path = f"/applications/{told(person.call('POST', '/applications', {}), 201)['id']}"
    for version, step in enumerate(Step, 1):
        answer = person.call(
            "PUT", f"{path}/form/{step}", stored(step, form()), If_Match=f'"{version}"'
        )
        assert told(answer, 200) == stored(step, form())
    return path


def test_an_application_by_json_from_draft_to_withdrawal(maria: Browser) -> None:
    path = saved(maria)

    draft = told(maria.call("GET", path), 200)
    assert (draft["status"], draft["missing"]) == ("draft", [])
    sent = told(maria.call("POST", f"{path}/submission", SIGNED), 202)
    assert (sent["status"], sent["fee"]) == ("submitted", {"cents": 12000, "currency": "USD"})
    assert sent["next"] == {"actor": "vetting", "action": "open_case"}
    gone = told(maria.call("POST", f"{path}/withdrawal", {}), 202)
    assert [change["status"] for change in gone["history"]] == ["draft", "submitted", "withdrawn"]
    (listed,) = told(maria.call("GET", "/applications"), 200)
    assert listed["id"] == draft["id"]


def test_a_repeated_key_has_one_effect_and_another_body_is_refused(maria: Browser) -> None:
    first = maria.call("POST", "/applications", {}, **{"Idempotency-Key": "k1"})
    again = maria.call("POST", "/applications", {}, **{"Idempotency-Key": "k1"})
    other = maria.call("POST", "/applications", {"program": "other"}, **{"Idempotency-Key": "k1"})
    second = maria.call("POST", "/applications", {}, **{"Idempotency-Key": "k2"})

    assert told(first, 201)["id"] == told(again, 201)["id"]
    problem(other, 409, "idempotency_key_reused")
    problem(second, 409, "application_open")


def test_a_stale_version_is_refused(maria: Browser) -> None:
    path = f"/applications/{told(maria.call('POST', '/applications', {}), 201)['id']}"
    contact = {"language": "es"}

    told(maria.call("PUT", f"{path}/form/contact", contact, If_Match='"1"'), 200)
    stale = maria.call("PUT", f"{path}/form/contact", contact, If_Match='"1"')
    without = maria.call("PUT", f"{path}/form/contact", contact)

    problem(stale, 412, "stale")
    problem(without, 422, "invalid_input")


def test_every_fault_of_a_form_is_named_by_its_field(maria: Browser) -> None:
    path = f"/applications/{told(maria.call('POST', '/applications', {}), 201)['id']}"
    vehicle = {**stored(Step.VEHICLES, form())["vehicles"][0], "vin": "1M8GDM9A1KP042788"}

    wrong = maria.call("PUT", f"{path}/form/vehicles", {"vehicles": [vehicle]}, If_Match='"1"')
    strange = maria.call("PUT", f"{path}/form/contact", {"fax": "1"}, If_Match='"1"')
    unfinished = maria.call("POST", f"{path}/submission", SIGNED)
    unanswered = maria.call("GET", f"{path}/form/names")

    assert set(problem(wrong, 422, "invalid_input")["errors"]) == {"vehicles.0.vin"}
    assert set(problem(strange, 422, "invalid_input")["errors"]) == {"fax", "language"}
    assert {"names", "birth", "residences"} <= set(
        problem(unfinished, 422, "invalid_input")["errors"]
    )
    problem(unanswered, 404, "not_found")


def test_anothers_application_is_not_there(app: Flask, maria: Browser) -> None:
    path = f"/applications/{told(maria.call('POST', '/applications', {}), 201)['id']}"

    problem(Browser(app).call("GET", path), 404, "not_found")
    problem(Browser(app).call("POST", f"{path}/withdrawal", {}), 404, "not_found")


def test_an_interview_is_booked_and_a_card_activated_by_json(
    app: Flask, office: Office, clock: MovableClock
) -> None:
    person = Browser(app)
    made = office.approved(person.id)
    path = f"/applications/{made.id}"
    office.slots()
    until = (clock.now + timedelta(days=2)).isoformat().replace("+", "%2B")

    slots = told(person.call("GET", f"/slots?center=sym&before={until}"), 200)
    assert len(slots) == 48
    held = told(person.call("POST", f"{path}/hold", {"slot_id": slots[0]["slot_id"]}), 201)
    assert held["status"] == "held"
    booked = told(person.call("POST", f"{path}/appointment", {"slot_id": slots[0]["slot_id"]}), 201)
    assert (booked["id"], booked["status"]) == (held["id"], "booked")
    assert told(person.call("GET", f"{path}/appointment"), 200)["status"] == "booked"
    assert person.call("DELETE", f"{path}/appointment").status_code == 204
    problem(person.call("GET", f"{path}/appointment"), 404, "not_found")

    member = office.interview(made)
    card = office.mailed(member)
    shown = told(person.call("GET", "/membership"), 200)
    assert (shown["status"], shown["cards"][0]["status"]) == ("active", "mailed")
    assert card.secrets.security_code not in str(shown)
    codes = {"passid": member.passid, "security_code": "000000"}
    problem(person.call("POST", "/membership/activation", codes), 409, "wrong_activation_code")
    codes["security_code"] = card.secrets.security_code
    key = {"Idempotency-Key": "once"}
    active = told(person.call("POST", "/membership/activation", codes, **key), 200)
    assert active["status"] == "active"
    assert told(person.call("POST", "/membership/activation", codes, **key), 200) == active
    lost = person.call("POST", f"/membership/cards/{card.id}/report", {"what": "lost"})
    assert told(lost, 200)["status"] == "lost"


def test_vehicles_are_replaced_at_a_version(app: Flask, office: Office) -> None:
    person = Browser(app)
    member = office.member(person.id)
    vehicle = {**stored(Step.VEHICLES, form())["vehicles"][0], "plate": "7XYZ999"}
    body = {"vehicles": [vehicle]}

    changed = person.call("PUT", "/membership/vehicles", body, If_Match=f'"{member.version}"')
    stale = person.call("PUT", "/membership/vehicles", body, If_Match=f'"{member.version}"')

    assert told(changed, 200)["vehicles"][0]["plate"] == "7XYZ999"
    problem(stale, 412, "stale")


class Port:
    """A site that calls headquarters with its own key."""

    def __init__(self, app: Flask, ring: FolderKeyRing, clock: MovableClock) -> None:
        self.client, self.ring, self.clock = app.test_client(), ring, clock

    def bearer(self, *, client: str = "site:sym", audience: str = BASE_URL) -> str:
        now = self.clock()
        return make_assertion(self.ring, client=client, audience=audience, jti=uuid4(), now=now)

    def get(self, path: str, token: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {token or self.bearer()}"}
        return self.client.get(f"/api/v1{path}", headers=headers)


@pytest.fixture
def port(app: Flask, site: Site, site_ring: FolderKeyRing, clock: MovableClock) -> Port:
    assert site.id == "sym"
    return Port(app, site_ring, clock)


def test_a_site_reads_feed_keys_and_snapshot(
    office: Office, parts: Parts, port: Port, ring: FolderKeyRing, tmp_path: Path
) -> None:
    problem(port.get("/snapshot"), 404, "snapshot_missing")
    office.active(office.member())
    office.use_cases.sign_head()
    parts.write_snapshot()()

    page = told(port.get("/feed?after=1&limit=1"), 200)
    assert [entry["position"] for entry in page["entries"]] == [2]
    assert (page["last"], page["head"]["position"]) == (3, 3)
    keys = from_jwks(told(port.get("/feed/keys"), 200)["keys"])
    assert keys == public_keys(ring, "feed-signing")
    statement = told(port.get("/snapshot"), 200)["statement"]
    file = port.get(f"/snapshot/{statement['sha256']}")
    path = tmp_path / "fetched.db"
    path.write_bytes(file.get_data())
    file.close()
    assert verify_snapshot(keys, statement, sha256=statement["sha256"]).mark.number == 3
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(*) FROM cards").fetchone() == (1,)
    database.close()
    problem(port.get("/snapshot/../../etc/passwd"), 404, "not_found")
    problem(port.get("/feed?after=-1"), 422, "invalid_input")


def test_a_site_gets_the_record_of_a_card_sealed_to_it(
    office: Office, port: Port, site_ring: FolderKeyRing
) -> None:
    card = office.active(office.member())

    body = told(port.get(f"/sites/sym/credentials/{card.id}/record"), 200)

    about = f"display_record {card.id} {body['version']}"
    plain = open_at_site(site_ring, body["record"], site="sym", about=about)
    assert b"Maribel" in plain
    assert b"Maribel" not in str(body).encode()
    problem(port.get(f"/sites/sym/credentials/{uuid4()}/record"), 404, "not_found")
    problem(port.get(f"/sites/otm/credentials/{card.id}/record"), 403, "forbidden")


@pytest.mark.parametrize(
    "wrong", [{"client": "site:otm"}, {"client": "enrollment"}, {"audience": "http://elsewhere"}]
)
def test_only_a_known_site_with_its_own_key_gets_in(port: Port, wrong: dict[str, str]) -> None:
    problem(port.get("/feed", port.bearer(**wrong)), 401, "client_assertion_refused")


def test_an_assertion_counts_once_and_for_five_minutes(port: Port, clock: MovableClock) -> None:
    token, late = port.bearer(), port.bearer()

    assert port.get("/feed", token).status_code == 200
    problem(port.get("/feed", token), 401, "client_assertion_refused")
    clock.forward(minutes=6)
    problem(port.get("/feed", late), 401, "client_assertion_refused")


def test_people_and_staff_do_not_read_the_feed(app: Flask, maria: Browser) -> None:
    problem(maria.call("GET", "/feed"), 403, "forbidden")
    admin = Browser(app, issuer="staff", subject="ada", roles=("admin",))
    problem(admin.call("GET", "/feed"), 403, "forbidden")
    assert isinstance(maria.id, UUID)
