from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from shared.context import current_context
from shared.errors import InvalidInput
from shared.web.access import allow, public
from shared.web.assets import Assets
from shared.web.forms import load_query
from shared.web.language import gettext, lazy, ngettext
from shared.web.showing import day, moment, money
from shared.web.sign_in import local_address
from tests.signing_in import csrf_token, sign_in_as
from tests.unit.shared.web.conftest import StoppedClock
from tests.unit.shared.web.sample_app import PlateSchema, create_app

FILE = "/desk/file/6fa459ea-ee8a-3ca4-894e-db77e160355e"


@pytest.mark.parametrize(
    ("header", "language"),
    [("es-MX,es;q=0.9,en;q=0.5", "es"), ("en-US", "en"), ("fr", "en"), ("", "en")],
)
def test_the_root_leads_to_the_language_that_the_browser_prefers(
    client: FlaskClient, header: str, language: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": header})
    assert answer.headers["Location"] == f"/{language}/"
    assert "Accept-Language" in answer.headers["Vary"]
    home = client.get(f"/{language}/")
    assert home.headers["Location"] == f"/{language}/person/welcome"


def test_the_address_decides_the_language_and_the_switch_keeps_the_page(
    client: FlaskClient,
) -> None:
    page = client.get("/es/person/welcome?tab=2", headers={"Accept-Language": "en"})
    text = page.get_data(as_text=True)
    assert '<html lang="es">' in text
    assert 'href="/en/person/welcome?tab=2"' in text
    assert "Saltar al contenido principal" in text
    assert client.get("/de/person/welcome").status_code == 404


def test_a_rejected_post_is_switched_to_the_page_of_its_form(client: FlaskClient) -> None:
    sign_in_as(client, "people", "maria")
    path = "/person/6fa459ea-ee8a-3ca4-894e-db77e160355e/form"
    page = client.post(f"/es{path}", data={"csrf_token": csrf_token(client)})
    assert f'href="/en{path}"' in page.get_data(as_text=True)


def test_the_navigation_shows_what_one_may_open_and_where_one_is(client: FlaskClient) -> None:
    assert "/en/desk/queue" not in client.get("/en/person/welcome").get_data(as_text=True)
    sign_in_as(client, "staff", "olga", ("officer",))
    page = client.get("/en/desk/queue").get_data(as_text=True)
    assert '<a href="/en/desk/queue" aria-current="page">' in page
    assert page.count("aria-current") == 1
    assert "Olga" in page


def test_headers_protect_every_page(client: FlaskClient) -> None:
    for path in ("/en/person/welcome", "/nothing", "/en/desk/broken", "/api/v1/things"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self' http://localhost:9"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_assets_are_kept_for_a_year_and_change_their_address(client: FlaskClient) -> None:
    page = client.get("/en/person/welcome").get_data(as_text=True)
    address = page.split('href="/assets/trustlane/')[2].split('"')[0]
    answer = client.get(f"/assets/trustlane/{address}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_type == "text/css"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/favicon.ico").content_type == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/trustlane/x/../app.py",
        "/assets/trustlane/x/%2e%2e/app.py",
        "/assets/other/x/trustlane.css",
        "/assets/trustlane/x/",
    ],
)
def test_nothing_but_an_asset_is_an_asset(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_production_does_not_start_without_the_front_end() -> None:
    with pytest.raises(FileNotFoundError, match="front-end"):
        Assets(Path("/nowhere"), None, production=True)
    plain = Assets(Path("/nowhere"), None, production=False)
    assert plain.url("uswds", "css/uswds.min.css") == "/assets/uswds/none/css/uswds.min.css"
    with pytest.raises(NotFound):
        plain.path("uswds", "css/uswds.min.css")


def test_opening_a_file_asks_for_the_purpose_once(client: FlaskClient, clock: StoppedClock) -> None:
    sign_in_as(client, "staff", "olga", ("officer",))
    asked = client.get(f"/es{FILE}")
    assert "¿Por qué abre este expediente?" in asked.get_data(as_text=True)

    def choose(purpose: str, then: str = f"/es{FILE}?") -> tuple[int, str]:
        data = {"csrf_token": csrf_token(client), "then": then, "purpose": purpose}
        answer = client.post("/es/purpose", data=data)
        return answer.status_code, answer.headers.get("Location", "")

    assert choose("")[0] == 422
    assert choose("curiosity")[0] == 422
    assert choose("appeal", "https://evil.example/")[0] == 404
    assert choose("appeal") == (303, f"/es{FILE}")
    for language in ("es", "en"):
        opened = client.get(f"/{language}{FILE}").json
        assert opened is not None
        assert opened["purpose"] == "appeal"
    other = FILE.replace("6fa459ea", "6fa459eb")
    assert client.get(f"/en{other}").json is None
    clock.forward(minutes=20)
    client.get("/en/desk/queue")
    clock.forward(minutes=20)
    assert client.get(f"/en{FILE}").json is None


def test_who_acts_and_in_which_request_is_known_inside_and_forgotten_after(app: Flask) -> None:
    seen: list[tuple[str, str]] = []

    @public
    def watched() -> str:
        context = current_context()
        seen.append((context.actor, context.request_id))
        return "seen"

    app.view_functions["person.welcome"] = watched
    client = app.test_client()
    client.get("/en/person/welcome", headers={"X-Request-ID": "request-1"})
    principal = sign_in_as(client, "people", "maria")
    client.get("/en/person/welcome", headers={"X-Request-ID": "request-2"})
    assert seen == [("service:sample", "request-1"), (f"person:{principal.id}", "request-2")]
    assert current_context().actor == "service:unknown"


def test_a_person_has_the_same_id_in_every_session(app: Flask) -> None:
    ids = set()
    for _ in range(2):
        client = app.test_client()
        sign_in_as(client, "people", "maria")
        both = client.get("/en/desk/both").json
        assert both is not None
        ids.add(both["id"])
    assert len(ids) == 1


def test_texts_wait_for_their_language(app: Flask) -> None:
    text = lazy("Sign out")
    assert str(text) == "Sign out"
    assert gettext("Step %(number)s of %(total)s", number=1, total=2) == "Step 1 of 2"
    assert ngettext("%(num)s card", "%(num)s cards", 3) == "3 cards"
    with app.test_request_context("/es/person/welcome"):
        app.preprocess_request()
        assert f"{text}" == "Cerrar sesión"
        assert text.__html__() == "Cerrar sesión"
        assert lazy("Enter {max} or less.").format(max=5) == "Escriba 5 o menos."
        problems = ngettext(
            "There is one problem on this page", "There are %(num)s problems on this page", 2
        )
        assert problems == "Hay 2 problemas en esta página"


def test_dates_and_amounts_are_written_as_the_reader_does(app: Flask) -> None:
    when = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    with app.test_request_context("/es/person/welcome"):
        app.preprocess_request()
        assert day(date(2026, 3, 1)) == "1 de marzo de 2026"
        assert moment(when, "America/Los_Angeles") == "1 mar 2026, 12:30 PST"
        assert money(12225) == "$122.25"
        assert (day(None), moment(None), money(None)) == ("", "", "")


def test_a_page_at_the_address_of_the_home_page_is_refused() -> None:
    lost = Blueprint("lost", __name__)
    lost.add_url_rule("/", "first", lambda: "never seen")
    with pytest.raises(ValueError, match=r"lost\.first"):
        create_app(lost)


def test_a_query_of_a_page_is_loaded_like_a_form(app: Flask) -> None:
    with app.test_request_context("/en/desk/queue?plate=ABC&country="):
        assert load_query(PlateSchema) == {"plate": "ABC", "country": "US"}
    for query in ("plate=" + "A" * 20, "plate=A&order=up", ""):
        with (
            app.test_request_context(f"/en/desk/queue?{query}"),
            pytest.raises(InvalidInput),
        ):
            load_query(PlateSchema)


def test_only_roles_of_the_product_can_be_allowed() -> None:
    with pytest.raises(ValueError, match="janitor"):
        allow("janitor")
    with pytest.raises(ValueError, match="roles"):
        allow()


@pytest.mark.parametrize("bad", [None, "", "x", "//x", "/\\x", "https://x", "/a\nb", "/a\\b"])
def test_an_address_elsewhere_is_none_of_ours(bad: str | None) -> None:
    assert local_address(bad) is None
    assert local_address("/es/person?x=1") == "/es/person?x=1"


def test_a_site_without_a_verifier_is_nobody(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things/sites/sym", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    page = create_app().test_client().get("/en/sign-in")
    assert page.status_code == 200
