"""Officers' passkeys at the sites, and which of them a site may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Forbidden

SIGN_AGAIN_AFTER = timedelta(days=1)
"""A roster holds for seven days, so a line that is cut now leaves at least six."""


class OwnConfirmation(Forbidden):
    """Somebody else than its owner confirms a passkey."""

    code = "own_confirmation"


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """An officer's passkey at one site, as the site told us; no name is in it.

    ``credential_id`` and ``public_key`` (COSE) are base64url; ``authority`` is the address of the
    provider that vouched for ``officer`` and ``roles`` when the passkey was added.
    """

    id: UUID
    site: str
    credential_id: str
    public_key: str
    officer: str
    authority: str
    roles: tuple[str, ...]
    added_at: datetime

    def check_confirmation(self, by: str) -> None:
        """Raise ``OwnConfirmation`` where its owner confirms it."""
        if by == self.officer:
            raise OwnConfirmation("An officer does not confirm a passkey of their own")

    def entry(self) -> Mapping[str, object]:
        """Return the passkey's line in the roster."""
        return {
            "passkey_id": str(self.id),
            "credential_id": self.credential_id,
            "public_key": self.public_key,
            "officer": self.officer,
            "authority": self.authority,
            "roles": sorted(self.roles),
        }
