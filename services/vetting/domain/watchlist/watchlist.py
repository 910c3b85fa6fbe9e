"""A watchlist with its current version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from services.vetting.domain.events import WatchlistLoaded
from services.vetting.domain.watchlist.entry import Entry
from services.vetting.domain.watchlist.release import Counts, Diff, check_size, difference
from shared.events import Aggregate


class Format(StrEnum):
    """How the files of a list are written."""

    OFAC_SDN = "ofac-sdn"
    CSV = "csv"


def list_id(name: str) -> UUID:
    """Return the identifier of the list with this name."""
    return uuid5(NAMESPACE_URL, f"watchlist:{name}")


@dataclass(eq=False, kw_only=True)
class Watchlist(Aggregate):
    """One list; versions count from 1."""

    id: UUID
    name: str
    format: Format
    number: int = 0
    entries: int = 0
    names: int = 0
    birth_dates: int = 0
    loaded_at: datetime | None = None
    loaded_by: str = ""
    version: int = 0

    @property
    def counts(self) -> Counts:
        """How much the current version holds."""
        return Counts(entries=self.entries, names=self.names, birth_dates=self.birth_dates)

    def compare(
        self, entries: Sequence[Entry], before: Mapping[str, str], *, may_shrink: bool
    ) -> Diff:
        """Return what is new in ``entries``; raise ``ListShrank`` if it may not be so few."""
        if self.number and not may_shrink:
            check_size(self.counts, Counts.of(entries))
        return difference(before, entries)

    def take(self, entries: Sequence[Entry], diff: Diff, by: str, *, now: datetime) -> None:
        """Make ``entries`` the current version."""
        counts = Counts.of(entries)
        self.number += 1
        self.entries, self.names = counts.entries, counts.names
        self.birth_dates = counts.birth_dates
        self.loaded_at, self.loaded_by = now, by
        self.record(
            WatchlistLoaded(
                list=self.name,
                version=self.number,
                entries=self.entries,
                added=len(diff.added),
                changed=len(diff.changed),
                removed=len(diff.removed),
                by=by,
            )
        )
