"""The kinds of keys the product uses, and how each is made and named.

A symmetric key is 32 random bytes. A private key is kept as PKCS #8 DER. Every key has a ``kid`` of
16 hexadecimal digits: random for symmetric keys; for private ones the beginning of the SHA-256 of
the public half (SubjectPublicKeyInfo, DER), so that a public key alone is enough to know its name.
"""

import hashlib
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from shared.errors import Conflict

Kind = Literal["symmetric", "ed25519", "p-256"]
PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey
PublicKey = Ed25519PublicKey | EllipticCurvePublicKey

KID_BYTES = 8
SYMMETRIC_BYTES = 32

CHIP_MASTER = "chip-master"
"""Of which every card's chip key is made; headquarters' alone, never at a site."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "kek": "symmetric",
        "blind-index": "symmetric",
        "session": "symmetric",
        CHIP_MASTER: "symmetric",
        "feed-signing": "ed25519",
        "audit-signing": "ed25519",
        "dossier": "p-256",
        "site": "p-256",
        "client": "p-256",
    }
)
"""The names that services use; a name outside the table needs its kind said."""


class KindUnknown(Conflict):
    """The key's name is none of ours, and nobody said of which kind it shall be."""

    code = "key_kind_unknown"


def kind_of(name: str) -> Kind:
    """Return the kind of a key that services use, or raise ``KindUnknown``."""
    try:
        return KINDS[name]
    except KeyError:
        raise KindUnknown(f"No key is called {name}; known are {', '.join(KINDS)}") from None


def make_secret(kind: Kind) -> bytes:
    """Return a fresh secret of ``kind``."""
    if kind == "symmetric":
        return secrets.token_bytes(SYMMETRIC_BYTES)
    private: PrivateKey = (
        Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(SECP256R1())
    )
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def make_kid(kind: Kind, secret: bytes) -> str:
    """Return the name of a key: random, or taken from its public half."""
    if kind == "symmetric":
        return secrets.token_hex(KID_BYTES)
    return kid_of(load_private(secret).public_key())


def kid_of(public: PublicKey) -> str:
    """Return the ``kid`` that belongs to a public key."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()[:KID_BYTES].hex()


def load_private(secret: bytes) -> PrivateKey:
    """Return the private key that a ring keeps as PKCS #8 DER."""
    private = load_der_private_key(secret, password=None)
    if not isinstance(private, Ed25519PrivateKey | EllipticCurvePrivateKey):
        raise KindUnknown("A private key is neither Ed25519 nor P-256")
    return private
