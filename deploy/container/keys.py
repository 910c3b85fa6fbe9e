"""Which keys each service works with, and their public halves, which others pin.

Used at the first start of a demo and of a container; later keys are made by the ``keys`` verbs.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.crypto.jwk import public_jwks
from shared.crypto.keyring import FolderKeyRing, KeyRing
from shared.crypto.signing import public_keys, to_jwks

KEYS: Mapping[str, Sequence[str]] = {
    "enrollment": ("kek", "blind-index", "session", "feed-signing", "audit-signing"),
    "vetting": ("kek", "blind-index", "session", "audit-signing", "dossier"),
    "lane_gateway": ("kek", "blind-index", "session", "audit-signing", "site", "client"),
}
AGREEMENT = frozenset({"dossier", "site", "client"})
"""Keys on P-256, which JOSE works with."""
SIGNING = frozenset({"feed-signing", "audit-signing"})


def make_keys(service: str, *, keys: Path, public: Path, demo: bool) -> None:
    """Make what is missing in ``keys`` and write the public halves to ``public``.

    Keys for a ``demo`` are marked, and a start in production refuses them.

    Keys that exist stay, since data is sealed under them. A public half is a JWK Set with every
    key of its name, in ``<service>-<name>.json``.
    """
    ring = FolderKeyRing(keys, for_demo=demo)
    ring.ensure(KEYS[service])
    public.mkdir(parents=True, exist_ok=True)
    for name in KEYS[service]:
        if name in AGREEMENT | SIGNING:
            path = public / f"{service}-{name}.json"
            path.write_text(json.dumps({"keys": _halves(ring, name)}, indent=2), encoding="utf-8")


def _halves(ring: KeyRing, name: str) -> Sequence[Mapping[str, object]]:
    if name in AGREEMENT:
        return public_jwks(ring, name)
    return to_jwks(public_keys(ring, name))
