"""Keys for a demo: one ring per service, the public halves, and what the provider is told."""

import secrets

from deploy.container.keys import make_keys
from deploy.local.layout import SERVICES, Layout
from shared.crypto.key_files import write_private


def make_demo_keys(layout: Layout) -> None:
    """Make what is missing; keys that exist stay, since data is sealed under them."""
    for service in SERVICES:
        public = layout.public_key("any").parent
        make_keys(service, keys=layout.keys(service), public=public, demo=True)
        secret = layout.client_secret(service)
        if not secret.exists():
            write_private(secret, secrets.token_urlsafe(32).encode())
