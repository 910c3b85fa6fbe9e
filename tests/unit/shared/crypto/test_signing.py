"""Signatures name their key; only trusted keys verify, and only what was signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from shared.crypto.key_kinds import KindUnknown
from shared.crypto.signing import Signature, from_jwks, public_keys, sign, to_jwks, verify
from shared.crypto.tampering import NotVerified
from tests.unit.shared.crypto.rings import ring_with, rotate

NAME = "feed-signing"


def test_a_signature_verifies_with_the_public_half(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, NAME)
    trusted = public_keys(ring, NAME)
    assert {len(public) for public in trusted.values()} == {32}
    verify(trusted, sign(ring, NAME, b"head"), b"head")


def test_other_bytes_or_another_signature_do_not(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, NAME)
    signature = sign(ring, NAME, b"head")
    bent = f"{int(signature.hex[0], 16) ^ 1:x}{signature.hex[1:]}"
    for given, data in [
        (signature, b"heat"),
        (replace(signature, hex=bent), b"head"),
        (replace(signature, hex="not hexadecimal"), b"head"),
        (replace(signature, hex=""), b"head"),
    ]:
        with pytest.raises(NotVerified):
            verify(public_keys(ring, NAME), given, data)


def test_a_key_that_is_not_trusted_does_not(tmp_path: Path) -> None:
    mine, theirs = ring_with(tmp_path / "a", NAME), ring_with(tmp_path / "b", NAME)
    with pytest.raises(NotVerified, match="not trusted"):
        verify(public_keys(mine, NAME), sign(theirs, NAME, b"head"), b"head")


def test_a_stranger_cannot_borrow_the_name_of_a_trusted_key(tmp_path: Path) -> None:
    mine, theirs = ring_with(tmp_path / "a", NAME), ring_with(tmp_path / "b", NAME)
    forged = Signature(kid=mine.active(NAME).kid, hex=sign(theirs, NAME, b"head").hex)
    with pytest.raises(NotVerified):
        verify(public_keys(mine, NAME), forged, b"head")


def test_new_and_retired_keys_are_given_away_too(tmp_path: Path) -> None:
    ring = ring_with(tmp_path, NAME)
    old = sign(ring, NAME, b"old")
    ring.new(NAME)
    rotate(ring, NAME)
    trusted = public_keys(ring, NAME)
    assert len(trusted) == 3
    verify(trusted, old, b"old")


def test_a_key_of_another_kind_does_not_sign(tmp_path: Path) -> None:
    with pytest.raises(KindUnknown):
        sign(ring_with(tmp_path, "dossier"), "dossier", b"x")


def test_public_keys_travel_as_jwks(tmp_path: Path) -> None:
    trusted = public_keys(ring_with(tmp_path, NAME), NAME)
    assert from_jwks(to_jwks(trusted)) == trusted


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "EC", "crv": "P-256", "x": "AA", "kid": "1"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "1"},
        {"kty": "OKP", "crv": "Ed25519", "x": None, "kid": "1"},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
    ],
)
def test_what_is_no_public_key_is_refused(jwk: dict[str, object]) -> None:
    with pytest.raises(NotVerified):
        from_jwks([jwk])
