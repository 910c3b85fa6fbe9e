"""Keys made from keys, each for one purpose."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def subkey(secret: bytes, purpose: str) -> bytes:
    """Return the 32-byte key that ``secret`` stands for where ``purpose`` is meant (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def joined(*parts: bytes) -> bytes:
    """Return the parts as one string that no other parts give: each is preceded by its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
