"""Client assertions prove one client to one audience, for five minutes and once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jwt

from shared.crypto.client_assertion import AssertionRefused, make_assertion, verify_assertion
from shared.crypto.jwk import PublicKeyForm, ec_key, public_jwks
from shared.crypto.keyring import FolderKeyRing
from tests.unit.shared.crypto.rings import ring_with, rotate

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
JTI = UUID("6f8a4a52-0000-4000-8000-000000000001")
ENROLLMENT = "https://enrollment.example/"


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    return ring_with(tmp_path, "client")


def made(ring: FolderKeyRing, client: str = "site:sym", audience: str = ENROLLMENT) -> str:
    return make_assertion(ring, client=client, audience=audience, jti=JTI, now=NOON)


class Door:
    """Who asks for assertions: knows one client, and remembers what was used."""

    def __init__(self, ring: FolderKeyRing, client: str = "site:sym") -> None:
        self.ring, self.client = ring, client
        self.used: dict[str, datetime] = {}

    def keys_of(self, client: str) -> Sequence[PublicKeyForm]:
        return public_jwks(self.ring, "client") if client == self.client else []

    def first_use(self, jti: str, until: datetime) -> bool:
        return self.used.setdefault(jti, until) is until

    def client_of(self, token: str, now: datetime = NOON) -> str:
        return verify_assertion(
            token, keys_of=self.keys_of, audience=ENROLLMENT, now=now, first_use=self.first_use
        ).client


def forged(ring: FolderKeyRing, **changes: object) -> str:
    at = int(NOON.timestamp())
    claims = {"iss": "site:sym", "sub": "site:sym", "aud": ENROLLMENT, "jti": "1"}
    claims |= {"iat": at, "exp": at + 300} | changes  # type: ignore[arg-type]
    key = ring.active("client")
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, kept, ec_key(key))


def test_an_assertion_names_the_client(ring: FolderKeyRing) -> None:
    assert Door(ring).client_of(made(ring)) == "site:sym"
    assert Door(ring).client_of(forged(ring)) == "site:sym"


def test_it_lives_for_five_minutes_and_the_clocks_leeway(ring: FolderKeyRing) -> None:
    door, token = Door(ring), made(ring)
    assert door.client_of(token, NOON + timedelta(seconds=329))
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(token, NOON + timedelta(seconds=330))
    assert Door(ring).client_of(token, NOON - timedelta(seconds=30))
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(token, NOON - timedelta(seconds=31))


def test_it_is_good_for_one_use_and_remembered_until_it_expires(ring: FolderKeyRing) -> None:
    door, token = Door(ring), made(ring)
    door.client_of(token)
    with pytest.raises(AssertionRefused, match="used before"):
        door.client_of(token)
    assert list(door.used.values()) == [NOON + timedelta(seconds=330)]


def test_another_audience_is_refused(ring: FolderKeyRing) -> None:
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(made(ring, audience="https://vetting.example/"))


def test_a_site_cannot_speak_as_another_site(ring: FolderKeyRing, tmp_path: Path) -> None:
    other = ring_with(tmp_path / "other", "client")
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(made(other))
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(made(ring, client="site:otm"))


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "site:otm"},
        {"iss": None},
        {"iss": 7},
        {"sub": None},
        {"aud": None},
        {"aud": ["https://vetting.example/"]},
        {"iat": None},
        {"exp": None},
        {"exp": int(NOON.timestamp()) + 301},
        {"exp": "tomorrow"},
        {"jti": None},
        {"jti": ""},
    ],
)
def test_a_claim_that_is_wrong_or_missing_is_refused(
    ring: FolderKeyRing, changes: dict[str, object]
) -> None:
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(forged(ring, **changes))


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.e30", "é", "W10.W10.W10"])
def test_what_is_no_token_is_refused(ring: FolderKeyRing, token: str) -> None:
    with pytest.raises(AssertionRefused):
        Door(ring).client_of(token)


def test_a_token_without_signature_is_refused(ring: FolderKeyRing) -> None:
    header, claims, _ = made(ring).split(".")
    for token in (f"{header}.{claims}.", f"eyJhbGciOiJub25lIn0.{claims}."):
        with pytest.raises(AssertionRefused):
            Door(ring).client_of(token)


def test_after_a_rotation_the_new_key_speaks(ring: FolderKeyRing) -> None:
    rotate(ring, "client")
    assert Door(ring).client_of(made(ring)) == "site:sym"
