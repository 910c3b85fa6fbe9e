"""Who is behind a request."""

from dataclasses import dataclass, field
from typing import Literal, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import g

from shared.errors import Forbidden, NotSignedIn

Realm = Literal["people", "staff", "site"]

ROLES = frozenset(
    {"officer", "supervisor", "center", "booth", "port", "auditor", "admin", "integrator"}
)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A person of one of the two issuers, or a site that calls us.

    ``authority`` is the address of the provider that vouches for ``subject``. A person of the
    people issuer has no roles, whatever that issuer claims. ``passkey`` is the digest of the
    passkey by which the service itself signed them in, empty where a provider did.
    """

    issuer: Realm
    subject: str = field(repr=False)
    authority: str = ""
    name: str = field(default="", repr=False)
    roles: frozenset[str] = frozenset()
    passkey: str = ""

    @property
    def id(self) -> UUID:
        """Return the same identifier for the same person each time, without a look-up."""
        return uuid5(NAMESPACE_URL, f"{self.authority}#{self.subject}")

    @property
    def actor(self) -> str:
        """Return the name under which messages and the audit know this principal."""
        if self.issuer == "people":
            return f"person:{self.id}"
        return f"{self.issuer}:{self.subject}"

    def has(self, *roles: str) -> bool:
        """Tell whether this principal has one of ``roles``."""
        return not self.roles.isdisjoint(roles)


def current_principal() -> Principal:
    """Return who is signed in, or raise ``NotSignedIn``."""
    principal = principal_or_none()
    if principal is None:
        raise NotSignedIn("Nobody is signed in")
    return principal


def principal_or_none() -> Principal | None:
    """Return who is signed in, if anybody is."""
    return cast("Principal | None", g.get("principal"))


def require_site(site: str) -> None:
    """Raise ``Forbidden`` unless the caller is exactly this site."""
    principal = current_principal()
    if principal.issuer != "site" or principal.subject != site:
        raise Forbidden("A site opens only what is its own")
