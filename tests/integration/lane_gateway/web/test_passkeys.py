"""Officers' passkeys at the site: added, confirmed, used to come in and to open a lane by hand."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.clock import utc_now
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.passkey_scenes import (
    Stranger,
    a_working_passkey,
    add,
    entry_of,
    known,
)
from tests.integration.lane_gateway.web.site import Site
from tests.integration.lane_gateway.web.soft_passkey import PRESENT, SoftPasskey


@pytest.fixture
def stranger(site: Site) -> Stranger:
    return Stranger(site.app.test_client())


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


def test_a_passkey_without_a_name_is_not_even_asked_for(site: Site) -> None:
    officer = Officer(site.app, "boris")

    assert officer.post("/en/passkeys/options", label="").status_code == 422
    assert officer.post("/en/passkeys", label="").status_code == 422


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
