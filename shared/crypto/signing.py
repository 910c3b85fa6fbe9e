"""Ed25519 signatures, named by the key that made them.

Public keys travel as raw 32 bytes by ``kid``. What is signed should begin with words that say what
it is, so that a signature for one purpose can never stand for another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.crypto.key_kinds import KindUnknown, load_private
from shared.crypto.keyring import Key, KeyRing
from shared.crypto.tampering import NotVerified

PublicKeys = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signed (``kid``), and the signature's 64 bytes in hexadecimal."""

    kid: str
    hex: str


def sign(ring: KeyRing, name: str, data: bytes) -> Signature:
    """Sign with the active key of ``name``."""
    key = ring.active(name)
    return Signature(kid=key.kid, hex=_private(key).sign(data).hex())


def verify(public_keys: PublicKeys, signature: Signature, data: bytes) -> None:
    """Return if one of ``public_keys`` made the signature over ``data``; else ``NotVerified``."""
    public = public_keys.get(signature.kid)
    if public is None:
        raise NotVerified(f"The signing key {signature.kid[:16]} is not trusted here")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature.hex), data)
    except (InvalidSignature, ValueError):
        raise NotVerified(f"The signature of key {signature.kid[:16]} does not fit") from None


def public_keys(ring: KeyRing, name: str) -> dict[str, bytes]:
    """Return the public half of every key of ``name``: new ones too, so that they can be pinned."""
    return {key.kid: _private(key).public_key().public_bytes_raw() for key in ring.every(name)}


def to_jwks(keys: PublicKeys) -> list[dict[str, str]]:
    """Return public keys as JWKs (RFC 8037), to be given away over HTTP or in a file."""
    return [
        {"kty": "OKP", "crv": "Ed25519", "x": _text(public), "kid": kid, "use": "sig"}
        for kid, public in keys.items()
    ]


def from_jwks(jwks: Sequence[Mapping[str, object]]) -> dict[str, bytes]:
    """Return the public keys that somebody gave away, or raise ``NotVerified``."""
    return dict(_from_jwk(jwk) for jwk in jwks)


def _from_jwk(jwk: Mapping[str, object]) -> tuple[str, bytes]:
    try:
        if (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519"):
            raise NotVerified("A public key is not an Ed25519 key")
        public = urlsafe_b64decode(str(jwk["x"]) + "=")
        Ed25519PublicKey.from_public_bytes(public)
        return str(jwk["kid"]), public
    except (KeyError, TypeError, ValueError) as error:
        raise NotVerified("A public key cannot be read") from error


def _text(public: bytes) -> str:
    return urlsafe_b64encode(public).rstrip(b"=").decode()


def _private(key: Key) -> Ed25519PrivateKey:
    private = load_private(key.secret)
    if not isinstance(private, Ed25519PrivateKey):
        raise KindUnknown(f"The key {key.name} {key.kid} is not an Ed25519 key")
    return private
