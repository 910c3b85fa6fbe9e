"""What enrollment needs to send display records to sites."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.enrollment.domain.display_record import DisplayRecord
from services.enrollment.domain.site import Site


class Records(Protocol):
    """Display records on their way to sites, and which sites have which."""

    def send(self, credential_id: UUID, site: Site, record: DisplayRecord) -> None:
        """Seal the record to the site and send it, as the next version."""

    def drop(self, credential_id: UUID, site_id: str) -> None:
        """Tell the site to delete its record."""

    def sites_of(self, credential_id: UUID) -> Sequence[str]:
        """Return the sites that have a record."""

    def sealed_for(self, credential_id: UUID, site: Site, record: DisplayRecord) -> tuple[int, str]:
        """Return the version and the record sealed for a site that asked for it itself."""
