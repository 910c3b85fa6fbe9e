"""Keys for a demo: one ring per service, and the public halves that others pin."""

import json
import secrets
from pathlib import Path

from deploy.local.layout import SERVICES, Layout
from deploy.local.processes import KEYS
from shared.crypto.jwk import public_jwks
from shared.crypto.key_files import make_folder, write_private
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys, to_jwks


def make_keys(layout: Layout) -> None:
    """Make what is missing; keys that exist stay, since data is sealed under them."""
    rings = {service: FolderKeyRing(layout.keys(service)) for service in SERVICES}
    for service, ring in rings.items():
        ring.ensure(KEYS[service])
        for name in KEYS[service]:
            if name in {"dossier", "site", "client"}:
                _give_away(layout.public_key(f"{service}-{name}"), public_jwks(ring, name))
            elif name.endswith("-signing"):
                keys = to_jwks(public_keys(ring, name))
                _give_away(layout.public_key(f"{service}-{name}"), keys)
        secret = layout.client_secret(service)
        if not secret.exists():
            write_private(secret, secrets.token_urlsafe(32).encode())


def _give_away(path: Path, keys: object) -> None:
    make_folder(path.parent)
    path.write_text(json.dumps({"keys": keys}, indent=2), encoding="utf-8")
