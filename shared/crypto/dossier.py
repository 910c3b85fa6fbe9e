"""Dossiers: personal data on its way to another service, readable by that service alone.

A dossier is a JSON object as JWE compact to the receiver's public key. Times, dates and ids in it
are strings already; the edge that writes and reads them knows their form.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.crypto.canonical import canonical
from shared.crypto.jwe import KeyExpired, open_from, seal_to
from shared.crypto.jwk import PublicKeyForm, public_jwk
from shared.crypto.keyring import KeyRing
from shared.crypto.tampering import Tampered

__all__ = ["KeyExpired", "Tampered", "open_dossier", "public_jwk", "seal_dossier"]


def seal_dossier(public: PublicKeyForm, payload: Mapping[str, object], *, about: str = "") -> str:
    """Return the dossier; ``about`` binds it to a subject, which the reader has to name again."""
    return seal_to(public, canonical(payload), about=f"dossier {about}")


def open_dossier(
    ring: KeyRing, name: str, token: str, *, about: str = "", now: datetime | None = None
) -> dict[str, Any]:
    """Return what ``seal_dossier`` was given.

    Raise ``Tampered`` when it was changed or is about something else, ``KeyMissing`` when its key
    is not here yet and, where ``now`` is given, ``KeyExpired`` for a key retired over 90 days.
    """
    payload = json.loads(open_from(ring, name, token, about=f"dossier {about}", now=now))
    if not isinstance(payload, dict):
        raise Tampered("A dossier is not a JSON object")
    return payload
