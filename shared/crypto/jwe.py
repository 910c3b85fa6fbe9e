"""JWE compact to one public key: ECDH-ES+A256KW with A256GCM, the key named by ``kid``.

The form of dossiers and of what goes to one site. What the bytes are about stands in the header as
``apu``, which enters the key agreement: moved under another subject, they do not open.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from joserfc import jwe
from joserfc.errors import JoseError

from shared.crypto.jwk import PublicKeyForm, ec_key, read_public
from shared.crypto.keyring import KeyRing
from shared.crypto.tampering import Tampered
from shared.errors import TooLarge, Unreadable

ALG = "ECDH-ES+A256KW"
ENC = "A256GCM"

MAX_BYTES = 4 * 1024 * 1024
"""A dossier with its text, or a record with its picture, is far below this; joserfc's own limit of
64 KiB is too small for a picture."""

KEPT_AFTER_RETIREMENT = timedelta(days=90)
"""How long late and replayed messages to a retired key are still opened."""


class KeyExpired(Unreadable):
    """The key that the bytes are sealed to was retired too long ago."""

    code = "key_expired"


def seal_to(public: PublicKeyForm, data: bytes, *, about: str) -> str:
    """Return ``data`` as JWE compact that only the holder of the private key opens."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"No more than {MAX_BYTES} bytes can be sealed")
    kid, key = read_public(public)
    header = {"alg": ALG, "enc": ENC, "kid": kid, "apu": _encoded(about)}
    return jwe.encrypt_compact(header, data, key, registry=_registry())


def open_from(
    ring: KeyRing, name: str, token: str, *, about: str, now: datetime | None = None
) -> bytes:
    """Return what was sealed to one of the keys of ``name``, retired ones too.

    Raise ``Tampered`` when the bytes were changed or are about something else, ``KeyMissing`` when
    the key is not here, and, where ``now`` is given, ``KeyExpired`` for a key retired over 90 days.
    """
    header = _header(token)
    key = ring.find(name, str(header.get("kid")))
    if now and key.retired_at and now - key.retired_at > KEPT_AFTER_RETIREMENT:
        raise KeyExpired(f"The key {name} {key.kid} was retired more than 90 days ago")
    if header.get("apu") != _encoded(about):
        raise Tampered("The sealed bytes are about something else")
    try:
        opened = jwe.decrypt_compact(token, ec_key(key), registry=_registry())
    except (JoseError, ValueError) as error:
        raise Tampered(f"What was sealed to {name} {key.kid} was changed") from error
    return opened.plaintext or b""


def _registry() -> jwe.JWERegistry:
    registry = jwe.JWERegistry(algorithms=[ALG, ENC])
    registry.max_ciphertext_length = 2 * MAX_BYTES
    return registry


def _header(token: str) -> dict[str, object]:
    """Return the header without trusting it; opening the bytes authenticates it."""
    part = token.partition(".")[0].encode()
    try:
        header = json.loads(urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except ValueError as error:
        raise Tampered("The bytes are not JWE compact") from error
    if not isinstance(header, dict):
        raise Tampered("The bytes are not JWE compact")
    return header


def _encoded(about: str) -> str:
    return urlsafe_b64encode(about.encode()).rstrip(b"=").decode()
