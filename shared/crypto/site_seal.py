"""Bytes sealed to one site: display records and chip keys, readable there and nowhere else.

Every site has a key pair of its own; headquarters holds only the public half. The sealed bytes are
bound to the site and to what they are about, such as ``display_record <credential> <version>``.
"""

from datetime import datetime

from shared.crypto.jwe import open_from, seal_to
from shared.crypto.jwk import PublicKeyForm
from shared.crypto.keyring import KeyRing

KEY = "site"


def seal_to_site(public: PublicKeyForm, data: bytes, *, site: str, about: str) -> str:
    """Return ``data`` as JWE compact for ``site``, whose public key is a JWK or PEM."""
    return seal_to(public, data, about=f"site {site} {about}")


def open_at_site(
    ring: KeyRing, token: str, *, site: str, about: str, now: datetime | None = None
) -> bytes:
    """Return what was sealed to this site, or raise ``Tampered`` or ``KeyMissing``."""
    return open_from(ring, KEY, token, about=f"site {site} {about}", now=now)
