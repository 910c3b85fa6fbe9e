"""Values that rest sealed in a lane's file under the site's own key-encryption key.

A lane has no data key per person: it knows numbers, not names. What is personal there (a plate, an
officer's words) is sealed for the site and kept for as long as the record.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.crypto.derived import subkey
from shared.crypto.keyring import KeyRing
from shared.crypto.sealing import Tampered

KEY = "kek"
PURPOSE = "trustlane lane file v1"
MARK = "sealed:"
NONCE_BYTES = 12


class SiteSeal:
    """Seals short texts; bound to the place that they belong to."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._ciphers: dict[str, AESGCM] = {}
        self._active = ring.active(KEY).kid

    def seal(self, text: str, place: str) -> str:
        """Return ``text`` sealed for ``place``, as ``sealed:<key>:<base64>``."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher(self._active).encrypt(nonce, text.encode(), place.encode())
        return f"{MARK}{self._active}:{base64.b64encode(sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Return what was sealed, or raise ``Tampered``."""
        try:
            _, kid, data = sealed.split(":")
            raw = base64.b64decode(data, validate=True)
            plain = self._cipher(kid).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (ValueError, InvalidTag):
            raise Tampered(f"The sealed value of {place} was changed or moved") from None
        return plain.decode()

    def _cipher(self, kid: str) -> AESGCM:
        if kid not in self._ciphers:
            self._ciphers[kid] = AESGCM(subkey(self._ring.find(KEY, kid).secret, PURPOSE))
        return self._ciphers[kid]
