"""Remove what has served its time: old reports of sites, assertions that have expired."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, delete, func, select

from services.enrollment.persistence import tables
from shared.clock import Clock
from shared.persistence.database_errors import named_errors

KEEP_REPORTS = timedelta(days=7)
"""How far back one can look how fast the feed came through; each site's newest stays."""


@dataclass(frozen=True, kw_only=True)
class Tidy:
    """Delete old rows; the newest report of each site stays."""

    engine: Engine
    clock: Clock

    def __call__(self) -> int:
        """Return how many reports were deleted."""
        now = self.clock()
        reports, seen = tables.feed_reports, tables.client_assertions
        later = reports.alias()
        newest = select(func.max(later.c.number)).where(later.c.site == reports.c.site)
        old = delete(reports).where(
            reports.c.reported_at < now - KEEP_REPORTS,
            reports.c.number < newest.scalar_subquery(),
        )
        with named_errors(), self.engine.begin() as connection:
            connection.execute(delete(seen).where(seen.c.until < now))
            return connection.execute(old).rowcount
