"""A passkey as the site itself knows it: who added it, who confirmed it, how far it has counted."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Forbidden

SITE_ROLES = frozenset({"booth", "port"})
"""The only roles that somebody gets by a passkey of a site (contract D)."""
MOST_PASSKEYS = 8
"""Of one officer; more than anybody carries."""


class OwnPasskey(Forbidden):
    """An officer does not confirm a passkey of their own."""

    code = "own_passkey"


class PasskeyGone(Conflict):
    """The passkey was dropped, and stays so."""

    code = "passkey_gone"


class Standing(StrEnum):
    """What a passkey is good for."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """One passkey. ``name`` is its officer's, ``label`` what they call it; both rest sealed.

    ``credential_id`` and ``public_key`` (COSE) are base64url, ``authority`` the address of the
    provider that signed the officer in when it was added.
    """

    id: UUID
    credential_id: str
    public_key: str
    officer: str
    authority: str
    roles: tuple[str, ...]
    name: str = field(repr=False)
    label: str = field(repr=False)
    sign_count: int
    added_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    dropped_by: str | None = None
    dropped_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def standing(self) -> Standing:
        """Return what the passkey is good for here; the roster has the last word."""
        if self.dropped_at is not None:
            return Standing.DROPPED
        return Standing.WAITING if self.confirmed_at is None else Standing.CONFIRMED

    @property
    def digest(self) -> str:
        """Return the name under which records know the passkey."""
        return digest_of(self.credential_id)

    def check_confirmation(self, by: str) -> None:
        """Raise ``OwnPasskey`` or ``PasskeyGone`` where ``by`` may not confirm it."""
        if by == self.officer:
            raise OwnPasskey("Another supervisor confirms this passkey")
        if self.standing is Standing.DROPPED:
            raise PasskeyGone("This passkey was dropped")


def digest_of(credential_id: str) -> str:
    """Return SHA-256 of a credential id in hexadecimal."""
    return hashlib.sha256(credential_id.encode()).hexdigest()
