"""What enrollment keeps of officers' passkeys at the sites."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.enrollment.domain.roster import Passkey


class Rosters(Protocol):
    """The passkeys of all sites, and the roster that each site was sent last."""

    def add(self, passkey: Passkey) -> None:
        """Keep a passkey; it counts for nothing until it is confirmed."""

    def get(self, site: str, passkey_id: UUID) -> Passkey:
        """Return a passkey of a site, or raise ``NotFound``."""

    def confirm(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who confirmed a passkey."""

    def drop(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who dropped a passkey; it never counts again."""

    def sign(self, site: str, *, now: datetime) -> None:
        """Sign the site's roster under its next number, and send it to the site alone."""

    def signed_before(self, moment: datetime) -> Sequence[str]:
        """Return the sites whose newest roster is older."""
