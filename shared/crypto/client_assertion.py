"""Client assertions: how a site or service proves over HTTP who it is (``private_key_jwt``).

Of RFC 7523 and OpenID Connect: a JWT signed with the client's own key, issuer and subject the
client's id (``site:<id>``, ``service:<name>``), the audience the address of who is called, valid
for five minutes and good for one use. It travels as ``Authorization: Bearer``.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.crypto.jwk import PublicKeyForm, ec_key, read_public
from shared.crypto.keyring import KeyRing
from shared.errors import NotSignedIn

KEY = "client"
ALG = "ES256"

LIFETIME = timedelta(minutes=5)
"""The architecture's limit; an assertion that claims to live longer is refused."""

LEEWAY = timedelta(seconds=30)
"""How far the clocks of a site and of headquarters may be apart."""

KeysOf = Callable[[str], Sequence[PublicKeyForm]]
FirstUse = Callable[[str, datetime], bool]


class AssertionRefused(NotSignedIn):
    """The client assertion proves nobody: wrong key, wrong audience, expired or used before."""

    code = "client_assertion_refused"


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """What a verified assertion says."""

    client: str
    jti: str
    expires_at: datetime


def make_assertion(ring: KeyRing, *, client: str, audience: str, jti: UUID, now: datetime) -> str:
    """Return the JWT with which ``client`` calls ``audience``."""
    key = ring.active(KEY)
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "jti": str(jti),
    }
    return jwt.encode({"alg": ALG, "kid": key.kid}, claims, ec_key(key), algorithms=[ALG])


def verify_assertion(
    token: str, *, keys_of: KeysOf, audience: str, now: datetime, first_use: FirstUse
) -> Assertion:
    """Return who calls, or raise ``AssertionRefused``.

    ``keys_of`` gives the public keys of a client by its id, none for a stranger. ``first_use`` is
    told the ``jti`` (with its client) and when it may be forgotten, and answers whether it is new.
    """
    try:
        claims = _claims(token, keys_of)
        _registry(audience, now).validate(claims)
        assertion = _assertion(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise AssertionRefused("The client assertion is not valid") from error
    if not first_use(f"{assertion.client} {assertion.jti}", assertion.expires_at + LEEWAY):
        raise AssertionRefused("The client assertion was used before")
    return assertion


def _claims(token: str, keys_of: KeysOf) -> dict[str, Any]:
    """Return the claims, once a key of the client whom they name has proved them."""
    unproved = jws.extract_compact(token.encode())
    named = json.loads(unproved.payload)["iss"]
    key = _key_of(keys_of(str(named)), unproved.headers().get("kid"))
    return jwt.decode(token, key, algorithms=[ALG]).claims


def _key_of(known: Sequence[PublicKeyForm], kid: object) -> ECKey:
    for form in known:
        name, key = read_public(form)
        if name == kid:
            return key
    raise AssertionRefused("The client or its key is not known here")


def _registry(audience: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True},
        sub={"essential": True},
        aud={"essential": True, "value": audience},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )


def _assertion(claims: dict[str, Any]) -> Assertion:
    """Return what valid claims say, held to the rules of our own."""
    if claims["iss"] != claims["sub"]:
        raise ValueError("iss and sub differ")
    if claims["exp"] - claims["iat"] > LIFETIME.total_seconds():
        raise ValueError("it claims to live too long")
    expires_at = datetime.fromtimestamp(claims["exp"], tz=UTC)
    return Assertion(client=claims["sub"], jti=claims["jti"], expires_at=expires_at)
