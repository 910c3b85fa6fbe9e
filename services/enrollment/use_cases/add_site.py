"""Add a site, or give a known one new keys."""

from dataclasses import dataclass

from services.enrollment.domain.site import Site
from services.enrollment.use_cases.ports import Transactions


@dataclass(frozen=True, kw_only=True)
class AddSite:
    """Put a site into the table, so that it may read the feed and get records."""

    transactions: Transactions

    def __call__(self, site: Site) -> None:
        """Add it; a site that is known gets the new name, zone and keys."""
        with self.transactions() as work:
            work.sites.add(site)
            work.commit()
