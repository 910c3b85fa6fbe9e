"""Small things that travel through a browser unread and unchanged: sessions, forms kept aside."""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12  # bytes, as AES-GCM wants it
STAMP = 8  # bytes of the sealing time, in seconds


class Broken(Exception):  # noqa: N818 - the tree of errors reads as plain words
    """The token is not ours, was changed, or is too old."""


class Seal:
    """Seals under the first key and opens under any; ``purpose`` keeps kinds of tokens apart."""

    def __init__(self, keys: Sequence[bytes], purpose: str) -> None:
        self._purpose = purpose.encode()
        self._ciphers = [AESGCM(derived_key(key, purpose)) for key in keys]

    def seal(self, plain: bytes) -> str:
        """Return ``plain`` as text that only this seal can open."""
        nonce = secrets.token_bytes(NONCE)
        stamped = int(time.time()).to_bytes(STAMP, "big") + plain
        sealed = self._ciphers[0].encrypt(nonce, stamped, self._purpose)
        return urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, token: str, *, max_age: float) -> bytes:
        """Return what was sealed at most ``max_age`` seconds ago, or raise ``Broken``."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (NotBase64, ValueError) as error:
            raise Broken("The token is not base64") from error
        stamped = self._decrypt(raw[:NONCE], raw[NONCE:])
        if time.time() - int.from_bytes(stamped[:STAMP], "big") > max_age:
            raise Broken("The token is too old")
        return stamped[STAMP:]

    def _decrypt(self, nonce: bytes, sealed: bytes) -> bytes:
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, sealed, self._purpose)
            except (InvalidTag, ValueError):
                continue
        raise Broken("The token was not sealed here")


def derived_key(key: bytes, purpose: str) -> bytes:
    """Return a key for one purpose alone."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)
