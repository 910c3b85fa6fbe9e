"""Who calls as a site: proved by an assertion signed with the site's own key, good for one use."""

import json
from collections.abc import Callable, Mapping, Sequence

from services.enrollment.use_cases.reading import Queries
from shared.clock import Clock
from shared.crypto.client_assertion import verify_assertion
from shared.crypto.jwk import PublicKeyForm
from shared.web.principal import Principal

PREFIX = "site:"


def site_verifier(queries: Queries, *, audience: str, clock: Clock) -> Callable[[str], Principal]:
    """Return what turns a bearer into the site that signed it, or raises ``NotSignedIn``."""

    def keys_of(client: str) -> Sequence[PublicKeyForm]:
        if not client.startswith(PREFIX):
            return []
        known = queries.client_key(client.removeprefix(PREFIX))
        return [] if known is None else _keys(json.loads(known))

    def verify(token: str) -> Principal:
        assertion = verify_assertion(
            token,
            keys_of=keys_of,
            audience=audience,
            now=clock(),
            first_use=queries.first_use,
        )
        return Principal(issuer="site", subject=assertion.client.removeprefix(PREFIX))

    return verify


def _keys(stored: Mapping[str, object]) -> Sequence[PublicKeyForm]:
    """Return the keys of a JWK Set, or the one key that stands alone."""
    keys = stored.get("keys")
    return keys if isinstance(keys, list) else [stored]
