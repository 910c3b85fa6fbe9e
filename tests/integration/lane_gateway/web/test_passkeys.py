"""Officers' passkeys at the site: added, confirmed, used to come in and to open a lane by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.lane_gateway.domain.passkey import Passkey
from services.lane_gateway.persistence.desk_tables import commands
from shared.clock import utc_now
from shared.ids import new_id
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.soft_passkey import PRESENT, SoftPasskey
from tests.integration.lane_gateway.web.voice import VoiceOfAgent
from tests.signing_in import csrf_token

OVERRIDE = "/en/lanes/l1/override"


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


@pytest.fixture
def stranger(site: Site) -> Stranger:
    return Stranger(site.app.test_client())


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


def overrides(site: Site) -> list[Any]:
    with site.desk.engine.connect() as connection:
        return list(connection.execute(select(commands).where(commands.c.kind == "override")))


def test_a_passkey_is_added_confirmed_by_another_and_told_to_headquarters(site: Site) -> None:
    add(Officer(site.app, "boris"), SoftPasskey())
    own, other = Officer(site.app, "boris", "port"), Officer(site.app, "paula", "port")
    path = f"/en/roster/{known(site).id}/confirm"

    assert own.post(path).status_code == 403
    assert known(site).confirmed_at is None
    assert other.post(path).status_code == 303
    assert known(site).confirmed_by == "paula"
    assert [row.body["officer"] for row in site.sent("lane_gateway.passkey_added.v1")] == ["boris"]
    assert len(site.sent("lane_gateway.passkey_confirmed.v1")) == 1
    assert "Boris" not in str(site.sent("lane_gateway.passkey_added.v1"))
    assert site.audit_lines("passkey_confirmed")[0][0] == "staff:paula"


def test_a_passkey_signs_its_officer_in_as_the_provider_would(
    site: Site, stranger: Stranger
) -> None:
    passkey = a_working_passkey(site)

    answer = stranger.enter(passkey, then="/en/lanes")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/lanes")
    assert "Boris" in stranger.client.get("/en/lanes").text
    with stranger.client.session_transaction() as session:
        assert session["who"]["subject"] == "boris"
        assert session["who"]["authority"] == known(site).authority
        assert session["who"]["roles"] == ["booth"]
    assert stranger.opens("/en/roster") == 403
    assert stranger.post("/en/lanes/l1/sign-on").status_code == 303
    assert site.reads.lane("l1").signed_on == "boris"


def test_who_came_by_passkey_adds_no_other(site: Site, stranger: Stranger) -> None:
    stranger.enter(a_working_passkey(site))

    assert stranger.post("/en/passkeys/options", label="x").status_code == 403


def refused(stranger: Stranger, answer: TestResponse, said: str) -> None:
    assert answer.status_code == 403
    assert said in answer.text
    assert stranger.opens() == 302
    with stranger.client.session_transaction() as session:
        assert "who" not in session


def test_an_answer_is_used_once(site: Site, stranger: Stranger) -> None:
    passkey = a_working_passkey(site)
    answer = passkey.sign(stranger.asked())
    assert stranger.post("/en/passkey", answer=answer).status_code == 303
    stranger.post("/en/sign-out")

    refused(stranger, stranger.post("/en/passkey", answer=answer), "Try again")
    stranger.asked()
    refused(stranger, stranger.post("/en/passkey", answer=answer), "was not accepted")


def test_an_answer_for_one_browser_is_none_for_another(site: Site, stranger: Stranger) -> None:
    passkey, thief = a_working_passkey(site), Stranger(site.app.test_client())
    answer = passkey.sign(stranger.asked())

    refused(thief, thief.post("/en/passkey", answer=answer), "Try again")


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:9999"},
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"key": SoftPasskey().key},
    ],
)
def test_another_origin_host_key_or_an_unproved_user_is_refused(
    site: Site, stranger: Stranger, wrong: dict[str, Any]
) -> None:
    passkey = a_working_passkey(site)
    for name, value in wrong.items():
        setattr(passkey, name, value)

    refused(stranger, stranger.enter(passkey), "was not accepted")


def test_a_counter_that_goes_back_is_refused_and_an_alarm(site: Site, stranger: Stranger) -> None:
    passkey = a_working_passkey(site)
    passkey.count = 9
    assert stranger.enter(passkey).status_code == 303
    stranger.post("/en/sign-out")
    passkey.count = 4

    refused(stranger, stranger.enter(passkey), "two devices")

    (alarm,) = site.sent("lane_gateway.alarm_raised.v1")
    assert (alarm.body["code"], alarm.body["lane"]) == ("passkey_copied", None)
    assert site.audit_lines("passkey_copied")
    assert "two devices" in Officer(site.app, "paula", "port").get("/en/alarms").text


def test_no_roster_an_old_one_and_one_without_it_each_say_so(
    site: Site, stranger: Stranger
) -> None:
    passkey = SoftPasskey()
    add(Officer(site.app, "boris"), passkey)
    refused(stranger, stranger.enter(passkey), "seven days")
    site.keep_roster([], number=1)
    refused(stranger, stranger.enter(passkey), "not confirmed yet")
    refused(stranger, stranger.enter(SoftPasskey()), "Nobody at this port")
    entries, old = [entry_of(known(site))], utc_now() - timedelta(days=7)
    site.keep_roster(entries, number=2, now=old)
    refused(stranger, stranger.enter(passkey), "seven days")
    site.keep_roster(entries, number=3)
    assert stranger.enter(passkey).status_code == 303


@pytest.mark.parametrize("how", ["dropped", "off the roster", "expired"])
def test_a_session_by_passkey_ends_with_what_it_rests_on(
    site: Site, stranger: Stranger, how: str
) -> None:
    stranger.enter(a_working_passkey(site))
    assert stranger.opens() == 200
    entry = entry_of(known(site))

    if how == "dropped":
        path = f"/en/roster/{known(site).id}/drop"
        assert Officer(site.app, "paula", "port").post(path).status_code == 303
    else:
        at = utc_now() - (timedelta(days=7) if how == "expired" else timedelta(0))
        site.keep_roster([entry] if how == "expired" else [], number=2, now=at)

    assert stranger.opens() != 200


def order(**changes: str) -> dict[str, str]:
    return {"reason": "ambulance", "seconds": "20", "once": str(new_id()), **changes}


def signed_on(site: Site, agent: VoiceOfAgent) -> Officer:
    officer = Officer(site.app, "boris")
    officer.post("/en/lanes/l1/sign-on")
    agent.say(signed_on="boris")
    return officer


def stepped_up(officer: Officer, passkey: SoftPasskey, **changes: str) -> str:
    options = officer.post(f"{OVERRIDE}/options", **order(**changes)).json
    assert options is not None
    return passkey.sign(options)


@pytest.mark.rule("R9")
def test_an_override_carries_reason_seconds_officer_and_passkey(
    site: Site, agent: VoiceOfAgent
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)

    answer = officer.post(OVERRIDE, **order(), answer=stepped_up(officer, passkey))

    assert answer.status_code == 303
    (row,) = overrides(site)
    assert (row.lane, row.officer, row.seconds) == ("l1", "boris", 20.0)
    assert row.passkey == known(site).digest
    assert "ambulance" not in row.reason
    assert site.audit_lines("passkey_stepped_up")


@pytest.mark.rule("R9")
@pytest.mark.parametrize("changed", [{"reason": "other"}, {"seconds": "60"}, {"lane": "l2"}])
def test_a_step_up_is_for_its_lane_reason_and_time_alone(
    site: Site, agent: VoiceOfAgent, changed: dict[str, str]
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)
    officer.post("/en/lanes/l2/sign-on")
    answer, lane = stepped_up(officer, passkey), changed.pop("lane", "l1")

    page = officer.post(f"/en/lanes/{lane}/override", **order(**changed), answer=answer)

    assert page.status_code == 422
    assert overrides(site) == []


@pytest.mark.rule("R9")
def test_no_step_up_a_used_one_and_another_officers_open_nothing(
    site: Site, agent: VoiceOfAgent
) -> None:
    passkey, officer = a_working_passkey(site), signed_on(site, agent)
    assert officer.post(OVERRIDE, **order(), answer="").status_code == 422
    answer = stepped_up(officer, passkey)
    assert officer.post(OVERRIDE, **order(), answer=answer).status_code == 303
    assert officer.post(OVERRIDE, **order(), answer=answer).status_code == 422
    assert len(overrides(site)) == 1

    officer.post("/en/lanes/l1/sign-off")
    olga = Officer(site.app, "olga")
    olga.post("/en/lanes/l1/sign-on")
    page = olga.post(OVERRIDE, **order(), answer=stepped_up(olga, passkey))
    assert page.status_code == 422
    assert "another officer" in page.text
    assert len(overrides(site)) == 1


@pytest.mark.rule("R9")
def test_the_interface_takes_no_override_and_ends_one(site: Site, agent: VoiceOfAgent) -> None:
    officer = signed_on(site, agent)
    body = {"kind": "override", "reason": "ambulance"}

    refused_call = officer.call("POST", "/lanes/l1/commands", body, key=str(new_id()))
    ended = officer.call("POST", "/lanes/l1/commands", {"kind": "end_override"}, key=str(new_id()))

    assert refused_call.status_code == 422
    assert "kind" in (refused_call.json or {})["errors"]
    assert ended.status_code == 202
    assert overrides(site) == []


@pytest.mark.rule("R9")
def test_the_end_of_an_override_takes_one_press(site: Site) -> None:
    olga = Officer(site.app, "olga")

    assert olga.post(f"{OVERRIDE}/end").status_code == 303
    with site.desk.engine.connect() as connection:
        assert list(connection.scalars(select(commands.c.kind))) == ["end_override"]
