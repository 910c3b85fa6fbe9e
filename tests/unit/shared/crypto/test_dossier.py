"""Dossiers and site seals open for their receiver alone, for old keys too, and only unchanged."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

from shared.crypto.dossier import open_dossier, public_jwk, seal_dossier
from shared.crypto.jwe import MAX_BYTES, KeyExpired, seal_to
from shared.crypto.jwk import KeyUnreadable, ec_key, public_jwks
from shared.crypto.keyring import FolderKeyRing, KeyMissing
from shared.crypto.site_seal import open_at_site, seal_to_site
from shared.crypto.tampering import Tampered
from shared.errors import TooLarge
from tests.unit.shared.crypto.rings import ring_with, rotate

PAYLOAD = {"name": {"given": "Olga", "paternal": "Núñez"}, "documents": ["X1"], "minor": False}
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    return ring_with(tmp_path, "dossier", "site")


def header_of(token: str) -> dict[str, object]:
    part = token.split(".", maxsplit=1)[0]
    header: dict[str, object] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return header


def test_a_dossier_opens_for_its_receiver(ring: FolderKeyRing) -> None:
    token = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD)
    assert open_dossier(ring, "dossier", token) == PAYLOAD


def test_its_header_names_the_key_and_the_algorithms_and_nobody(ring: FolderKeyRing) -> None:
    token = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD)
    header = header_of(token)
    assert header["kid"] == ring.active("dossier").kid
    assert (header["alg"], header["enc"]) == ("ECDH-ES+A256KW", "A256GCM")
    assert set(header) == {"alg", "enc", "kid", "apu", "epk"}
    assert "Olga" not in token


def test_a_public_key_in_pem_gives_the_same_kid(ring: FolderKeyRing) -> None:
    pem = ec_key(ring.active("dossier")).as_pem(private=False)
    token = seal_dossier(pem, PAYLOAD)
    assert header_of(token)["kid"] == ring.active("dossier").kid
    assert open_dossier(ring, "dossier", token) == PAYLOAD


@pytest.mark.parametrize(
    "change", [{"alg": "ECDH-ES"}, {"enc": "A128GCM"}, {"zip": "DEF"}, {"alg": "ECDH-ES+A128KW"}]
)
def test_algorithms_other_than_ours_are_refused_even_if_rightly_used(
    ring: FolderKeyRing, change: dict[str, str]
) -> None:
    key = ring.active("dossier")
    apu = header_of(seal_dossier(public_jwk(ring, "dossier"), PAYLOAD))["apu"]
    header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": key.kid, "apu": apu} | change
    names = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "A128GCM", "A256GCM", "DEF"]
    token = jwe.encrypt_compact(header, b"{}", ec_key(key), algorithms=names)
    with pytest.raises(Tampered):
        open_dossier(ring, "dossier", token)


def test_what_is_given_away_holds_no_private_part(ring: FolderKeyRing) -> None:
    ring.new("dossier")
    given = public_jwks(ring, "dossier")
    assert len(given) == 2
    assert all(set(jwk) == {"kty", "crv", "x", "y", "kid"} for jwk in given)


def test_a_change_of_any_part_is_noticed(ring: FolderKeyRing) -> None:
    parts = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD).split(".")
    for at, part in enumerate(parts[1:], start=1):
        bent = ("B" if part[3] == "A" else "A").join([part[:3], part[4:]])
        with pytest.raises(Tampered):
            open_dossier(ring, "dossier", ".".join([*parts[:at], bent, *parts[at + 1 :]]))


@pytest.mark.parametrize("token", ["", "x", "a.b.c.d.e", "W10.b.c.d.e", "é.b.c.d.e", "e30.a.b"])
def test_what_is_no_dossier_is_called_unreadable(ring: FolderKeyRing, token: str) -> None:
    with pytest.raises((Tampered, KeyMissing)):
        open_dossier(ring, "dossier", token)


def test_a_dossier_about_somebody_else_does_not_open(ring: FolderKeyRing) -> None:
    token = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD, about="application 1")
    assert open_dossier(ring, "dossier", token, about="application 1") == PAYLOAD
    for about in ("application 2", ""):
        with pytest.raises(Tampered):
            open_dossier(ring, "dossier", token, about=about)


def test_another_service_cannot_open_it(tmp_path: Path, ring: FolderKeyRing) -> None:
    token = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD)
    with pytest.raises(KeyMissing):
        open_dossier(ring_with(tmp_path / "other", "dossier"), "dossier", token)


def test_a_retired_key_opens_for_90_days(tmp_path: Path) -> None:
    ring = FolderKeyRing(tmp_path / "keys", clock=lambda: NOON)
    ring.ensure(["dossier"])
    token = seal_dossier(public_jwk(ring, "dossier"), PAYLOAD)
    rotate(ring, "dossier")
    last = NOON + timedelta(days=90)
    assert open_dossier(ring, "dossier", token, now=last) == PAYLOAD
    with pytest.raises(KeyExpired) as caught:
        open_dossier(ring, "dossier", token, now=last + timedelta(seconds=1))
    assert caught.value.code == "key_expired"
    assert open_dossier(ring, "dossier", token) == PAYLOAD


def test_a_picture_fits_and_what_is_far_too_large_is_refused(ring: FolderKeyRing) -> None:
    picture = bytes(MAX_BYTES)
    public = public_jwk(ring, "site")
    token = seal_to_site(public, picture, site="sym", about="record 1")
    assert open_at_site(ring, token, site="sym", about="record 1") == picture
    with pytest.raises(TooLarge):
        seal_to_site(public, picture + b"x", site="sym", about="record 1")


def test_a_site_s_record_opens_at_that_site_and_for_that_credential(ring: FolderKeyRing) -> None:
    token = seal_to_site(public_jwk(ring, "site"), b"record", site="sym", about="record 1 7")
    assert open_at_site(ring, token, site="sym", about="record 1 7") == b"record"
    for site, about in (("otm", "record 1 7"), ("sym", "record 2 7"), ("sym", "record 1 6")):
        with pytest.raises(Tampered):
            open_at_site(ring, token, site=site, about=about)


def test_a_dossier_is_no_site_record(ring: FolderKeyRing) -> None:
    token = seal_to_site(public_jwk(ring, "site"), b"{}", site="sym", about="x")
    with pytest.raises(Tampered):
        open_dossier(ring, "site", token, about="x")


def test_a_dossier_holds_an_object(ring: FolderKeyRing) -> None:
    token = seal_to(public_jwk(ring, "dossier"), b"[1]", about="dossier ")
    with pytest.raises(Tampered, match="not a JSON object"):
        open_dossier(ring, "dossier", token)


@pytest.mark.parametrize("public", ["no key", {}, {"kty": "EC", "crv": "P-256"}, b"\x00"])
def test_what_is_no_public_key_is_refused(public: dict[str, object] | str | bytes) -> None:
    with pytest.raises(KeyUnreadable):
        seal_dossier(public, PAYLOAD)


def test_a_key_on_another_curve_is_refused() -> None:
    other = ECKey.generate_key("P-384").as_dict(private=False)
    with pytest.raises(KeyUnreadable, match="P-256"):
        seal_dossier(dict(other), PAYLOAD)
