"""Watchlists in the database: entries rest once for all versions in which they are the same."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from services.vetting.domain.screening.matcher import Source
from services.vetting.domain.watchlist.entry import Entry, entry_from_json
from services.vetting.domain.watchlist.release import Diff, content_digest
from services.vetting.domain.watchlist.watchlist import Watchlist
from services.vetting.persistence.tables import watchlist_entries, watchlist_versions, watchlists
from shared.persistence.repository import Repository

BATCH = 2_000


class SqlWatchlists(Repository[Watchlist]):
    """All lists and their entries."""

    def named(self, name: str) -> Watchlist | None:
        """Return the list with this name, if there is one; no other import runs beside ours."""
        mine = watchlists.c.name == name
        return self.find(select(Watchlist).where(mine).with_for_update())

    def versions(self) -> Mapping[str, int]:
        """Return the current version of each list."""
        rows = self._session.execute(
            select(watchlists.c.name, watchlists.c.number).where(watchlists.c.number > 0)
        )
        return {row.name: row.number for row in rows}

    def digests(self, name: str) -> Mapping[str, str]:
        """Return the content digest of each current entry."""
        columns = watchlist_entries.c
        current = (columns.list == name) & columns.until_version.is_(None)
        rows = self._session.execute(select(columns.entry, columns.digest).where(current))
        return {row.entry: row.digest for row in rows}

    def put(self, watchlist: Watchlist, entries: Sequence[Entry], diff: Diff) -> None:
        """Write a new version: only what came, changed or went."""
        self._session.flush()
        self._end(watchlist, (*diff.changed, *diff.removed))
        fresh = set(diff.to_screen)
        rows = [
            {
                "list": watchlist.name,
                "entry": entry.id,
                "from_version": watchlist.number,
                "digest": content_digest(entry),
                "content": entry.to_json(),
            }
            for entry in entries
            if entry.id in fresh
        ]
        for start in range(0, len(rows), BATCH):
            self._session.execute(insert(watchlist_entries), rows[start : start + BATCH])
        self._session.execute(
            insert(watchlist_versions).values(
                list=watchlist.name,
                number=watchlist.number,
                loaded_at=watchlist.loaded_at,
                loaded_by=watchlist.loaded_by,
                entries=watchlist.entries,
                added=list(diff.added),
                changed=list(diff.changed),
                removed=list(diff.removed),
            )
        )

    def current(self) -> Sequence[Source]:
        """Return all current entries of every list."""
        return [
            Source(list=name, version=number, entries=self._entries(name))
            for name, number in sorted(self.versions().items())
        ]

    def to_screen(self, name: str, number: int) -> frozenset[tuple[str, str]]:
        """Return what a version added or changed, as pairs of list and entry."""
        columns = watchlist_versions.c
        row = self._session.execute(
            select(columns.added, columns.changed).where(
                columns.list == name, columns.number == number
            )
        ).one()
        return frozenset((name, entry) for entry in (*row.added, *row.changed))

    def _entries(self, name: str) -> Sequence[Entry]:
        columns = watchlist_entries.c
        current = (columns.list == name) & columns.until_version.is_(None)
        rows = self._session.scalars(select(columns.content).where(current).order_by(columns.entry))
        return [entry_from_json(content) for content in rows]

    def _end(self, watchlist: Watchlist, gone: Sequence[str]) -> None:
        columns = watchlist_entries.c
        for start in range(0, len(gone), BATCH):
            self._session.execute(
                update(watchlist_entries)
                .where(columns.list == watchlist.name, columns.until_version.is_(None))
                .where(columns.entry.in_(gone[start : start + BATCH]))
                .values(until_version=watchlist.number)
            )
