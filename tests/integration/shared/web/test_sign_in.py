"""The real code flow, against a real provider, between real processes."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from shared.web.settings import Issuer
from tests.integration.shared.web.conftest import Served
from tests.oidc_provider import sign_in
from tests.unit.shared.web.sample_app import create_app

FORM = "/es/person/6fa459ea-ee8a-3ca4-894e-db77e160355e/form"


@pytest.fixture
def app(provider: str) -> Flask:
    return create_app(
        base_url="http://localhost",
        issuers={
            "people": Issuer(url=provider, client_id="people-client", client_secret="s"),
            "staff": Issuer(url=provider, client_id="staff-client", client_secret="s"),
        },
    )


def asked(client: FlaskClient, issuer: str, then: str = "/en/person/welcome") -> str:
    answer = client.get(f"/en/sign-in/{issuer}", query_string={"then": then})
    assert answer.status_code == 302
    return answer.headers["Location"]


def approved(address: str, subject: str) -> str:
    """Answer for the person at the provider, and return where it sends the browser."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    return answer.headers["Location"].removeprefix("http://localhost")


def test_an_officer_signs_in_and_comes_to_the_page_wanted(served: Served) -> None:
    with requests.Session() as browser:
        page = sign_in(browser, f"{served.url}/es/desk/queue", "olga")
        assert page.status_code == 200
        assert page.url == f"{served.url}/es/desk/queue"
        assert "Olga Ramírez" in page.text
        assert browser.get(f"{served.url}/en/desk/any", timeout=5).json() == {"actor": "staff:olga"}
        assert browser.get(f"{served.url}{FORM}", timeout=5).status_code == 403
        assert "Ramírez" not in served.lines()


def test_an_applicant_has_no_roles_whatever_the_provider_says(served: Served) -> None:
    with requests.Session() as browser:
        page = sign_in(browser, f"{served.url}{FORM}", "maria")
        assert page.status_code == 200
        assert browser.get(f"{served.url}/en/desk/queue", timeout=5).status_code == 403
        both = browser.get(f"{served.url}/en/desk/any", timeout=5)
        assert both.status_code == 403


def test_staff_without_groups_opens_nothing_that_names_a_role(served: Served) -> None:
    with requests.Session() as browser:
        assert sign_in(browser, f"{served.url}/en/desk/queue", "nobody").status_code == 403


def test_the_code_is_asked_for_with_a_challenge_and_redeemed_with_its_verifier(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    address = asked(client, "people")
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert query["redirect_uri"] == ["http://localhost/sign-in/people/callback"]
    assert query["nonce"][0]
    sent: list[str] = []
    real = requests.Session.send

    def listen(
        session: requests.Session, request: requests.PreparedRequest, **values: object
    ) -> requests.Response:
        sent.append(str(request.body))
        return real(session, request, **values)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(requests.Session, "send", listen)
    answer = client.get(approved(address, "maria"))
    assert answer.headers["Location"] == "/en/person/welcome"
    verifier = next(parse_qs(body)["code_verifier"][0] for body in sent if "code_verifier" in body)
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert query["code_challenge"] == [digest]


def test_each_issuer_has_its_own_client_and_way_back(app: Flask) -> None:
    query = parse_qs(urlsplit(asked(app.test_client(), "staff")).query)
    assert query["client_id"] == ["staff-client"]
    assert query["redirect_uri"] == ["http://localhost/sign-in/staff/callback"]


def test_a_lost_state_cookie_starts_the_sign_in_again_instead_of_failing(app: Flask) -> None:
    back = approved(asked(app.test_client(), "people"), "maria")
    client = app.test_client()
    answer = client.get(back)
    assert answer.status_code == 302
    again = approved(answer.headers["Location"], "maria")
    assert client.get(again).headers["Location"] == "/"
    assert client.get("/en/desk/both").json is not None


def test_a_browser_that_never_keeps_cookies_is_told_so_and_not_sent_round(app: Flask) -> None:
    back = approved(asked(app.test_client(), "people"), "maria")
    for _ in range(2):
        answer = app.test_client().get(back)
        assert answer.status_code == 302
        back = approved(answer.headers["Location"], "maria")
    page = app.test_client().get(back)
    assert page.status_code == 401
    assert "cookies" in page.get_data(as_text=True)


def test_a_code_cannot_be_used_by_another_browser(app: Flask) -> None:
    thief = app.test_client()
    stolen = approved(asked(app.test_client(), "people"), "maria")
    thief.get(stolen)
    with thief.session_transaction() as session:
        assert "who" not in session


def test_a_forged_code_signs_nobody_in(app: Flask) -> None:
    client = app.test_client()
    state = parse_qs(urlsplit(asked(client, "people")).query)["state"][0]
    page = client.get("/sign-in/people/callback", query_string={"state": state, "code": "guess"})
    assert page.status_code == 401
    with client.session_transaction() as session:
        assert "who" not in session


def test_who_turns_back_at_the_provider_is_told_so(app: Flask) -> None:
    client = app.test_client()
    address = asked(client, "people")
    denied = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=10)
    page = client.get(denied.headers["Location"].removeprefix("http://localhost"))
    assert page.status_code == 401
    assert "You did not sign in" in page.get_data(as_text=True)


def test_a_token_of_another_provider_is_not_believed(provider: str) -> None:
    host = provider.replace("localhost", "127.0.0.1")
    issuers = {"people": Issuer(url=provider, client_id="c", client_secret="s")}
    app = create_app(base_url="http://localhost", issuers=issuers)
    client = app.test_client()
    address = asked(client, "people").replace(provider, host)
    sign_in_client = app.extensions["trustlane"].sign_in._client("people")  # noqa: SLF001 - the provider is made to lie
    sign_in_client.server_metadata["token_endpoint"] = f"{host}/oauth2/token"
    page = client.get(approved(address, "maria"))
    assert page.status_code == 401
    assert "Sign-in did not work" in page.get_data(as_text=True)


def test_a_silent_provider_is_a_503_in_the_language_of_the_page() -> None:
    client = create_app().test_client()
    page = client.get("/es/sign-in/people")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert "no está disponible" in page.get_data(as_text=True)


def test_signing_out_ends_the_session_here_and_at_the_provider(served: Served) -> None:
    with requests.Session() as browser:
        page = sign_in(browser, f"{served.url}/es/desk/queue", "olga")
        token = unescape(re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0])
        copied = dict(browser.cookies)
        answer = browser.post(
            f"{served.url}/es/sign-out",
            data={"csrf_token": token},
            allow_redirects=False,
            timeout=5,
        )
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert "/oauth2/end_session" in answer.headers["Location"]
        assert query["post_logout_redirect_uri"] == [f"{served.url}/es/signed-out"]
        assert browser.get(f"{served.url}/en/desk/any", timeout=5).url.startswith(
            "http://localhost"
        )
        after = browser.get(f"{served.url}/en/desk/any", allow_redirects=False, timeout=5)
        assert after.status_code == 302
        thief = requests.get(
            f"{served.url}/en/desk/any", cookies=copied, allow_redirects=False, timeout=5
        )
        assert thief.status_code == 302


def test_only_an_address_of_our_own_is_gone_to_afterwards(app: Flask) -> None:
    for bad in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        client = app.test_client()
        back = approved(asked(client, "people", then=bad), "maria")
        assert client.get(back).headers["Location"] == "/en/"
