import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.web.principal import Principal
from shared.web.sealed import Broken, Seal
from shared.web.sessions import begin_session
from tests.signing_in import csrf_token, sign_in_as
from tests.unit.shared.web.conftest import StoppedClock
from tests.unit.shared.web.sample_app import NAMES, create_app, settings
from tests.unit.shared.web.test_forms import Inputs
from tests.unit.shared.web.typing_in import FORM, filled

if TYPE_CHECKING:
    from shared.web.settings import WebSettings


def test_a_session_rests_for_thirty_minutes_and_no_longer(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "staff", "olga", ("officer",))
    for _ in range(3):
        clock.forward(minutes=29)
        assert client.get("/en/desk/queue").status_code == 200
    clock.forward(minutes=31)
    assert client.get("/en/desk/queue").status_code == 302


def test_a_busy_session_ends_after_twelve_hours(client: FlaskClient, clock: StoppedClock) -> None:
    sign_in_as(client, "staff", "olga", ("officer",))
    for _ in range(24):
        clock.forward(minutes=29)
        assert client.get("/en/desk/queue").status_code == 200
    clock.forward(minutes=29)
    assert client.get("/en/desk/queue").status_code == 302


def test_the_cookie_is_named_after_the_service_sealed_and_for_this_site_alone(
    client: FlaskClient,
) -> None:
    sign_in_as(client, "staff", "olga", ("officer",))
    client.get("/en/desk/queue")
    cookie = client.get_cookie("trustlane_sample")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure
    assert "olga" not in cookie.value.lower()
    assert b"olga".hex() not in cookie.value


def test_in_production_the_cookie_needs_tls(tmp_path: Path) -> None:
    app = production_app(tmp_path)
    client = app.test_client()
    answer = client.get("/en/person/welcome", base_url="https://trustlane.example")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert client.get("/en/person/welcome", base_url="https://evil.example").status_code == 400


def test_a_session_sealed_by_an_old_key_still_opens_and_one_of_another_service_does_not() -> None:
    before = create_app(secret_key=b"old").test_client()
    sign_in_as(before, "staff", "olga")
    cookie = before.get_cookie("trustlane_sample")
    assert cookie is not None

    after = create_app(secret_key=b"new", old_secret_keys=(b"old",)).test_client()
    after.set_cookie("trustlane_sample", cookie.value)
    assert after.get("/en/desk/any").status_code == 200

    for other in (create_app(secret_key=b"new"), create_app(secret_key=b"old", service="other")):
        client = other.test_client()
        client.set_cookie(
            f"trustlane_{other.extensions['trustlane'].settings.service}", cookie.value
        )
        assert client.get("/en/desk/any").status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_to_its_owner(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client, given_names="María Guadalupe", email="no address")
    clock.forward(minutes=45)

    ended = client.post(f"/es{FORM}", data=typed)
    assert ended.status_code == 401
    page = ended.get_data(as_text=True)
    assert "Sus respuestas están guardadas" in page
    assert "/es/sign-in/people?then=/kept/es" in page
    assert "Guadalupe" not in page
    assert "Guadalupe" not in "".join(ended.headers.getlist("Set-Cookie"))
    assert NAMES == {}

    sign_in_again(client, "maria")
    back = client.get("/kept/es")
    assert back.status_code == 200
    assert sent_back(client, back.get_data(as_text=True)) == 422  # still to be shown, not done
    assert client.get("/kept/es").status_code == 404


def test_the_form_is_shown_as_it_was_typed_and_nothing_is_done_yet(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client, given_names="María Guadalupe")
    clock.forward(minutes=45)
    client.post(f"/es{FORM}", data=typed)
    sign_in_again(client, "maria")
    offered = Inputs(client.get("/kept/es").get_data(as_text=True)).values
    shown = client.post(f"/es{FORM}", data=offered)
    assert shown.status_code == 200
    assert "Sus respuestas están de vuelta" in shown.get_data(as_text=True)
    assert NAMES == {}
    inputs = Inputs(shown.get_data(as_text=True)).values
    for name, value in typed.items():
        if name not in ("csrf_token", "program"):
            assert inputs[name] == (value if isinstance(value, list) else [value])
    assert 'value="sentri" selected' in shown.get_data(as_text=True)


def test_nobody_else_gets_the_form(client: FlaskClient, clock: StoppedClock) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client, given_names="María Guadalupe")
    clock.forward(minutes=45)
    client.post(f"/es{FORM}", data=typed)
    sign_in_again(client, "pedro")
    page = client.get("/kept/es")
    assert page.status_code == 404
    assert "Guadalupe" not in page.get_data(as_text=True)
    sign_in_again(client, "maria")
    assert client.get("/kept/es").status_code == 404


def test_a_form_too_long_for_cookies_waits_in_its_own_window(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client, remarks="palabra " * 2000)
    clock.forward(minutes=45)
    ended = client.post(f"/en{FORM}", data=typed)
    page = ended.get_data(as_text=True)
    assert "_kept_" not in "".join(ended.headers.getlist("Set-Cookie"))
    assert "opens a new window" in page
    waiting = Inputs(page).values
    token = {"token": waiting["token"][0], "csrf_token": waiting["csrf_token"][-1]}
    assert client.post("/kept/en", data=token).status_code == 401
    sign_in_again(client, "maria")
    back = client.post("/kept/en", data=token)
    assert back.status_code == 200
    assert Inputs(back.get_data(as_text=True)).values["remarks"] == ["palabra " * 2000]


def test_a_form_that_another_site_sent_is_not_kept(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client, csrf_token="forged")
    clock.forward(minutes=45)
    ended = client.post(f"/en{FORM}", data=typed)
    assert ended.status_code == 401
    assert "_kept_" not in "".join(ended.headers.getlist("Set-Cookie"))
    fresh = client.application.test_client().post(f"/en{FORM}", data=typed)
    assert "_kept_" not in "".join(fresh.headers.getlist("Set-Cookie"))


def test_a_form_open_in_another_window_is_taken_after_signing_in_again(
    client: FlaskClient, clock: StoppedClock
) -> None:
    sign_in_as(client, "people", "maria")
    typed = filled(client)
    clock.forward(minutes=45)
    sign_in_again(client, "maria")
    assert client.post(f"/en{FORM}", data=typed).status_code == 303


def test_a_session_that_ended_is_401_for_programs(client: FlaskClient, clock: StoppedClock) -> None:
    sign_in_as(client, "people", "maria")
    token = csrf_token(client)
    clock.forward(minutes=45)
    answer = client.post("/api/v1/things", json={"name": "x"}, headers={"X-CSRFToken": token})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["code"] == "session_ended"


def test_a_seal_opens_what_it_sealed_for_its_purpose_until_it_is_too_old() -> None:
    seal = Seal([b"key"], "form sample")
    token = seal.seal(b"plain")
    assert seal.open(token, max_age=10) == b"plain"
    for other in (Seal([b"other"], "form sample"), Seal([b"key"], "session sample")):
        with pytest.raises(Broken):
            other.open(token, max_age=10)
    for broken in (token[:-2], "", "é", "A" * 40):
        with pytest.raises(Broken):
            seal.open(broken, max_age=10)
    with pytest.raises(Broken):
        seal.open(token, max_age=-1)


def test_settings_show_no_secret() -> None:
    own: WebSettings = settings(old_secret_keys=(b"older secret",))
    assert "secret of the tests" not in repr(own)
    assert "older secret" not in repr(own)
    assert "client_secret" not in repr(own)


def sign_in_again(client: FlaskClient, subject: str) -> None:
    """Do what the way back from the provider does."""
    app = client.application
    web = app.extensions["trustlane"].settings
    people = web.issuers["people"].url
    cookie = client.get_cookie("trustlane_sample")
    headers = {"Cookie": f"trustlane_sample={cookie.value}"} if cookie else {}
    with app.test_request_context("/en/person/welcome", headers=headers) as context:
        begin_session(
            Principal(issuer="people", subject=subject, authority=people), now=web.clock()
        )
        values = dict(context.session or {})
    with client.session_transaction() as session:
        session.clear()
        session.update(values)


def sent_back(client: FlaskClient, page: str) -> int:
    """Press the button of the page that brings answers back, then the form's own."""
    shown = client.post(f"/es{FORM}", data=Inputs(page).values)
    assert shown.status_code == 200
    again = Inputs(shown.get_data(as_text=True)).values
    again["csrf_token"] = again["csrf_token"][:1]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', shown.get_data(as_text=True))[0]
    again["csrf_token"] = [unescape(token)]
    again["program"] = ["sentri"]
    return client.post(f"/es{FORM}", data=again).status_code


def production_app(folder: Path) -> Flask:
    front_end = folder / "uswds"
    (front_end / "dist").mkdir(parents=True)
    (front_end / "package.json").write_text('{"version": "3.14.0"}')
    return create_app(production=True, base_url="https://trustlane.example", front_end=front_end)
