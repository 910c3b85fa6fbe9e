"""Blind indexes: a sealed value can be found by equality without being readable.

The index is HMAC-SHA-256 of the normalised value under a key of the column's own, of which 128 bits
are kept. Equal values give equal indexes within one column and nowhere else.
"""

import hmac
import unicodedata
from collections.abc import Callable, Sequence

from shared.crypto.derived import subkey
from shared.crypto.keyring import Key, KeyRing

NAME = "blind-index"
INDEX_BYTES = 16

Normalise = Callable[[str], str]


def plain_form(value: str) -> str:
    """Return ``value`` without differences of case, composition and blanks."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", value).casefold())
    return " ".join(decomposed.split())


def blind_index(
    ring: KeyRing, column: str, value: str, *, normalise: Normalise = plain_form
) -> bytes:
    """Return the 16 bytes to keep beside a sealed value; ``column`` is ``table.column``."""
    return _index(ring.active(NAME), column, normalise(value))


def blind_indexes(
    ring: KeyRing, column: str, value: str, *, normalise: Normalise = plain_form
) -> Sequence[bytes]:
    """Return what to look for: the index under each key, as rows may be older than the newest."""
    text = normalise(value)
    return [_index(key, column, text) for key in ring.every(NAME)]


def _index(key: Key, column: str, text: str) -> bytes:
    secret = subkey(key.secret, f"trustlane blind index v1 {column}")
    return hmac.digest(secret, text.encode(), "sha256")[:INDEX_BYTES]
