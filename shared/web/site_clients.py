"""Sites as clients: a signed assertion (private_key_jwt, RFC 7523) as the bearer of each call."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import uuid4

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from shared.clock import Clock, utc_now
from shared.errors import NotSignedIn
from shared.web.principal import Principal

LIFETIME = timedelta(minutes=5)
SKEW = timedelta(seconds=30)  # of two hosts whose clocks are kept by NTP
ALGORITHMS = ["Ed25519", "EdDSA", "ES256"]
PREFIX = "site:"

PublicKeys = Callable[[str], Mapping[str, Key]]
"""Returns the public keys of a site by key id; empty for a site that is not known."""


def make_assertion(key: Key, *, kid: str, client: str, audience: str, now: datetime) -> str:
    """Return a bearer for one call of ``client`` (``site:<id>``) to ``audience`` (a base URL)."""
    algorithm = "ES256" if key.key_type == "EC" else "Ed25519"
    claims = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "jti": str(uuid4()),
    }
    return jwt.encode({"alg": algorithm, "kid": kid}, claims, key, algorithms=ALGORITHMS)


@dataclass(kw_only=True)
class ClientAssertions:
    """Checks the assertions of sites; an instance is a ``verify_client`` of the settings.

    An assertion counts until it ends, and within this process only once.
    """

    public_keys: PublicKeys
    audience: str
    clock: Clock = utc_now
    _seen: dict[str, int] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self, token: str) -> Principal:
        """Return the site that signed ``token``, or raise ``NotSignedIn``."""
        try:
            client, claims = self._claims(token)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn("The assertion is not one of a known site") from error
        self._check(client, claims)
        return Principal(issuer="site", subject=client.removeprefix(PREFIX))

    def _claims(self, token: str) -> tuple[str, Mapping[str, Any]]:
        unchecked = _unchecked(token)
        client = str(unchecked.claims["sub"])
        keys = self.public_keys(client.removeprefix(PREFIX)) if client.startswith(PREFIX) else {}
        key = keys[str(unchecked.header["kid"])]
        return client, jwt.decode(token, key, algorithms=ALGORITHMS).claims

    def _check(self, client: str, claims: Mapping[str, Any]) -> None:
        now, skew = int(self.clock().timestamp()), int(SKEW.total_seconds())
        ends, begins = claims.get("exp"), claims.get("iat")
        if not isinstance(ends, int) or not isinstance(begins, int):
            raise NotSignedIn("The assertion has no limits")
        lasts = ends - begins <= LIFETIME.total_seconds()
        if not (lasts and begins <= now + skew and now <= ends + skew):
            raise NotSignedIn("The assertion is not of this time")
        if claims.get("aud") != self.audience or claims.get("iss") != client:
            raise NotSignedIn("The assertion is meant for somebody else")
        self._use_once(f"{client} {claims.get('jti')}", ends + skew, now)

    def _use_once(self, name: str, ends: int, now: int) -> None:
        with self._lock:
            for old in [seen for seen, until in self._seen.items() if until < now]:
                del self._seen[old]
            if name in self._seen:
                raise NotSignedIn("The assertion was used before")
            self._seen[name] = ends


def _unchecked(token: str) -> jwt.Token:
    """Return what ``token`` says, to find the key by; nothing of it is believed yet."""
    parts = jws.extract_compact(token.encode())
    return jwt.Token(parts.headers(), json.loads(parts.payload))
