from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, Key, OKPKey

from shared.errors import NotSignedIn
from shared.web.site_clients import ClientAssertions, make_assertion
from tests.signing_in import sign_in_as
from tests.unit.shared.web.conftest import StoppedClock
from tests.unit.shared.web.sample_app import create_app

AUDIENCE = "http://localhost:8001"


@pytest.fixture(params=["Ed25519", "P-256"])
def key(request: pytest.FixtureRequest) -> Key:
    if request.param == "P-256":
        return ECKey.generate_key("P-256")
    return OKPKey.generate_key("Ed25519")


@pytest.fixture
def verify(key: Key, clock: StoppedClock) -> ClientAssertions:
    keys: dict[str, dict[str, Key]] = {
        "sym": {"k1": key},
        "otm": {"k1": OKPKey.generate_key("Ed25519")},
    }
    return ClientAssertions(
        public_keys=lambda site: keys.get(site, {}), audience=AUDIENCE, clock=clock
    )


def token(key: Key, clock: StoppedClock, **changes: str) -> str:
    values = {"kid": "k1", "client": "site:sym", "audience": AUDIENCE, **changes}
    return make_assertion(key, now=clock(), **values)


def test_a_site_is_known_by_its_signature(
    key: Key, verify: ClientAssertions, clock: StoppedClock
) -> None:
    principal = verify(token(key, clock))
    assert (principal.issuer, principal.subject) == ("site", "sym")
    assert principal.actor == "site:sym"


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": "k2"},
        {"client": "site:otm"},
        {"client": "site:ghost"},
        {"client": "sym"},
        {"audience": "http://localhost:8002"},
    ],
)
def test_an_assertion_for_somebody_else_is_refused(
    key: Key, verify: ClientAssertions, clock: StoppedClock, changes: dict[str, str]
) -> None:
    with pytest.raises(NotSignedIn):
        verify(token(key, clock, **changes))


@pytest.mark.parametrize("step", [timedelta(minutes=6), timedelta(minutes=-2)])
def test_an_assertion_counts_in_its_time_alone(
    key: Key, verify: ClientAssertions, clock: StoppedClock, step: timedelta
) -> None:
    made = token(key, clock)
    clock.now += step
    with pytest.raises(NotSignedIn):
        verify(made)


def test_an_assertion_counts_once(key: Key, verify: ClientAssertions, clock: StoppedClock) -> None:
    made = token(key, clock)
    verify(made)
    with pytest.raises(NotSignedIn, match="before"):
        verify(made)
    clock.forward(minutes=10)
    verify(token(key, clock))


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_assertion_is_refused(verify: ClientAssertions, broken: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(broken)


def test_a_site_opens_its_own_things_without_a_cookie_or_a_token_against_forgery(
    key: Key, verify: ClientAssertions, clock: StoppedClock
) -> None:
    client = create_app(verify_client=verify, clock=clock).test_client()

    def get(path: str) -> int:
        bearer = {"Authorization": f"Bearer {token(key, clock)}"}
        return client.get(path, headers=bearer).status_code

    assert get("/api/v1/things/sites/sym") == 200
    assert get("/api/v1/things/sites/otm") == 403
    assert get("/en/desk/any") == 403


def test_a_bearer_counts_alone_even_beside_a_session(
    key: Key, verify: ClientAssertions, clock: StoppedClock
) -> None:
    del key
    client = create_app(verify_client=verify, clock=clock).test_client()
    sign_in_as(client, "staff", "olga", ("officer",))
    broken = {"Authorization": "Bearer broken", "Accept": "application/json"}
    assert client.get("/api/v1/things/sites/sym", headers=broken).status_code == 401
