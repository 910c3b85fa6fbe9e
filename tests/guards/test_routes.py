import inspect
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from deploy.local.paths import ROOT
from services.lane_gateway.web.pages import passkey_door
from shared.web.access import Access, access_of
from shared.web.kit import EXTENSION
from shared.web.principal import ROLES
from shared.web.settings import IssuerName
from shared.web.sign_in import SignIn
from tests.guards.apps import APPS
from tests.signing_in import sign_in_as
from tests.unit.shared.web.sample_app import create_app

EXAMPLES = {
    "UUIDConverter": UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e"),
    "IntegerConverter": 1,
    "LanguageConverter": "es",
}
HEADERS = ("Remote-User", "X-Remote-User", "X-Forwarded-User", "X-User", "X-Principal")
BY_HEADER = dict.fromkeys(HEADERS, "olga")


@pytest.fixture(params=sorted(APPS))
def app(request: pytest.FixtureRequest) -> Flask:
    return APPS[str(request.param)]()


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    assert undeclared(app) == []


def test_a_route_without_a_declaration_is_found_and_closed_to_everybody() -> None:
    forgotten = Blueprint("forgotten", __name__)

    @forgotten.get("/forgotten")
    def view() -> ResponseReturnValue:
        return "seen"

    app = create_app(forgotten)
    client = app.test_client()

    assert undeclared(app) == ["forgotten.view GET"]
    assert client.get("/en/forgotten").status_code == 403
    sign_in_as(client, "staff", "olga", tuple(ROLES))
    assert client.get("/en/forgotten").status_code == 403


def test_staff_opens_nothing_that_is_for_applicants_alone(app: Flask) -> None:
    client = app.test_client()
    sign_in_as(client, a_realm(app, "staff"), "olga", tuple(ROLES))
    for rule, method, access in routes(app):
        if access.people and not access.everybody and not access.for_staff:
            assert client.open(address(app, rule), method=method).status_code == 403, rule


def test_an_applicant_opens_nothing_that_is_for_staff_or_sites_alone(app: Flask) -> None:
    client = app.test_client()
    sign_in_as(client, a_realm(app, "people"), "maria")
    for rule, method, access in routes(app):
        if not access.people and not access.everybody:
            assert client.open(address(app, rule), method=method).status_code == 403, rule


def test_a_role_opens_nothing_that_does_not_name_it(app: Flask) -> None:
    for role in sorted(ROLES):
        client = app.test_client()
        sign_in_as(client, a_realm(app, "staff"), "olga", (role,))
        for rule, method, access in routes(app):
            if access.everybody or access.any_staff or role in access.roles:
                continue
            assert client.open(address(app, rule), method=method).status_code == 403, rule


def test_nobody_gets_past_a_declaration_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    for rule, method, access in routes(app):
        if access.everybody:
            continue
        answer = client.open(address(app, rule), method=method, headers=BY_HEADER)
        to_door = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
        assert to_door or answer.status_code == 401, rule


def test_no_route_and_no_header_signs_anybody_in(app: Flask) -> None:
    for rule, method, access in routes(app):
        if not access.everybody or rule.endpoint.startswith("sign_in."):
            continue
        client = app.test_client()
        query = {"user": "olga", "sub": "olga", "groups": "officer", "login": "olga"}
        with client.open(address(app, rule), method=method, headers=BY_HEADER, query_string=query):
            pass
        with client.session_transaction() as session:
            assert "who" not in session, rule


def test_only_the_way_back_from_the_provider_and_a_proven_passkey_open_a_session() -> None:
    opening = re.compile(r"(?<!def )\bbegin_session\(")
    found = {
        str(path.relative_to(ROOT)): len(opening.findall(path.read_text()))
        for folder in ("services", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if opening.search(path.read_text())
    }

    assert found == {
        "shared/web/sign_in.py": 1,
        "services/lane_gateway/web/pages/passkey_door.py": 1,
    }
    assert "begin_session(principal" in inspect.getsource(SignIn.finish)
    door = inspect.getsource(passkey_door.enter)
    assert door.index("prove(") < door.index("begin_session(")


def undeclared(app: Flask) -> list[str]:
    return sorted(
        f"{rule.endpoint} {method}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
        if access_of(app, rule.endpoint, method) is None
    )


def routes(app: Flask) -> Iterator[tuple[Rule, str, Access]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            access = access_of(app, rule.endpoint, method)
            if access is not None:
                yield rule, method, access


def address(app: Flask, rule: Rule) -> str:
    values = {
        name: EXAMPLES.get(type(converter).__name__, "x")
        for name, converter in rule._converters.items()  # noqa: SLF001 - there is no other way to ask
    }
    with app.test_request_context():
        built = app.url_map.bind("localhost").build(rule.endpoint, values)
    return str(built)


def a_realm(app: Flask, wanted: IssuerName) -> IssuerName:
    """Return the issuer asked for; an application without it has nobody of that kind to refuse."""
    issuers = app.extensions[EXTENSION].settings.issuers
    if wanted not in issuers:
        pytest.fail(f"The application has no issuer {wanted}: give the guards' factory both")
    return wanted
