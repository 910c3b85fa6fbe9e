"""License plates: one written form, and the mark that a lane can test only with the card at hand.

Enrollment puts marks into the credential feed, a lane compares the camera's plate with them. The
mark's key is the chip's own number (TID), which only who reads the card knows, so a copy of the
feed does not tell which plate belongs to whom.
"""

import hmac
import unicodedata
from functools import lru_cache

MARK_BYTES = 16
"""128 bits: enough that two plates of one card never share a mark."""


@lru_cache(maxsize=16)
def normalise_plate(plate: str) -> str:
    """Return the plate in capitals, without blanks, dashes and other signs.

    A lane asks for the plate before it several times in one decision.
    """
    plain = unicodedata.normalize("NFKC", plate).upper()
    return "".join(sign for sign in plain if sign.isalnum())


def normalise_region(region: str) -> str:
    """Return the issuing state or country in capitals, as in ``CA`` or ``BCN``."""
    return normalise_plate(region)


def plate_mark(tid: bytes, region: str, plate: str) -> bytes:
    """Return HMAC-SHA-256(key = TID bytes, region + normalised plate), the first 128 bits."""
    text = normalise_region(region) + normalise_plate(plate)
    return hmac.digest(tid, text.encode(), "sha256")[:MARK_BYTES]
