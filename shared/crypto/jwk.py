"""Public keys as they are given away: JWK with ``kid``, or PEM."""

from collections.abc import Mapping
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.crypto.key_kinds import KindUnknown, kid_of, load_private
from shared.crypto.keyring import Key, KeyRing
from shared.errors import Unreadable

PublicKeyForm = Mapping[str, object] | str | bytes
"""A JWK as a dict, or a key in PEM."""


class KeyUnreadable(Unreadable):
    """What should be a public key on P-256 is not."""

    code = "public_key_unreadable"


def public_jwk(ring: KeyRing, name: str) -> dict[str, object]:
    """Return the active key's public half as a JWK that names its ``kid``, to be given away."""
    return public_half(ring.active(name))


def public_jwks(ring: KeyRing, name: str) -> list[dict[str, object]]:
    """Return the public half of every key of ``name``, new and retired ones too."""
    return [public_half(key) for key in ring.every(name)]


def public_half(key: Key) -> dict[str, object]:
    """Return the public half of one key as a JWK that names its ``kid``."""
    return {**ec_key(key).as_dict(private=False), "kid": key.kid}


def ec_key(key: Key) -> ECKey:
    """Return a key of the ring as JOSE works with it; raise ``KindUnknown`` for another kind."""
    private = load_private(key.secret)
    if not isinstance(private, EllipticCurvePrivateKey):
        raise KindUnknown(f"The key {key.name} {key.kid} is not a P-256 key")
    return ECKey.import_key(private)


def read_public(form: PublicKeyForm) -> tuple[str, ECKey]:
    """Return the ``kid`` and the key that somebody gave away, or raise ``KeyUnreadable``."""
    try:
        key = ECKey.import_key(cast("dict[str, str | list[str]] | str | bytes", form))
    except (JoseError, ValueError, TypeError) as error:
        raise KeyUnreadable("This is no public key") from error
    public = key.public_key
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        raise KeyUnreadable("The public key is not on the curve P-256")
    named = form.get("kid") if isinstance(form, Mapping) else None
    return str(named or kid_of(public)), key
