"""Read models of watchlists and re-screening."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.vetting.persistence.tables import (
    rescreens,
    watchlist_entries,
    watchlist_versions,
    watchlists,
)
from services.vetting.use_cases.ports import Rescreen
from services.vetting.use_cases.reading import ListRow, VersionDiff, VersionRow
from shared.errors import NotFound
from shared.persistence.database_errors import named_errors

NEWEST = 50
SHOWN = 100
"""Entries of a diff on one page; the counts say how many there are."""


class SqlListQueries:
    """Answers about lists."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lists(self) -> Sequence[ListRow]:
        """Return all lists."""
        lists = watchlists.c
        statement = (
            select(
                lists.name,
                lists.format,
                lists.number,
                lists.entries,
                lists.loaded_at,
                lists.loaded_by,
            )
            .where(lists.number > 0)
            .order_by(lists.name)
        )
        return [ListRow(**row) for row in self._all(statement)]

    def versions(self, name: str = "") -> Sequence[VersionRow]:
        """Return the newest versions, of one list or of all."""
        statement = _versions()
        if name:
            statement = statement.where(watchlist_versions.c.list == name)
        newest = (watchlist_versions.c.loaded_at.desc(), watchlist_versions.c.number.desc())
        return [VersionRow(**row) for row in self._all(statement.order_by(*newest).limit(NEWEST))]

    def diff(self, name: str, number: int) -> VersionDiff:
        """Return what a version changed, or raise ``NotFound``."""
        columns = watchlist_versions.c
        mine = (columns.list == name) & (columns.number == number)
        found = self._all(_versions().where(mine))
        if not found:
            raise NotFound("No such version of a list")
        ids = self._all(select(columns.added, columns.changed, columns.removed).where(mine))[0]
        return VersionDiff(
            version=VersionRow(**found[0]),
            added=self._named(name, ids["added"][:SHOWN]),
            changed=self._named(name, ids["changed"][:SHOWN]),
            removed=self._named(name, ids["removed"][:SHOWN]),
        )

    def rescreens(self) -> Sequence[Rescreen]:
        """Return the newest runs of re-screening."""
        statement = select(rescreens).order_by(rescreens.c.started_at.desc()).limit(NEWEST)
        return [Rescreen(**row) for row in self._all(statement)]

    def _named(self, name: str, entries: Sequence[str]) -> Sequence[tuple[str, str]]:
        columns = watchlist_entries.c
        called = columns.content["names"][0]["text"].astext.label("called")
        statement = (
            select(columns.entry, called)
            .ext(distinct_on(columns.entry))
            .where(columns.list == name, columns.entry.in_(entries))
            .order_by(columns.entry, columns.from_version.desc())
        )
        return [(row["entry"], row["called"]) for row in self._all(statement)]

    def _all(self, statement: Select[Any]) -> Sequence[Mapping[str, Any]]:
        with named_errors(), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]


def _versions() -> Select[Any]:
    columns = watchlist_versions.c
    return select(
        columns.list,
        columns.number,
        columns.loaded_at,
        columns.loaded_by,
        columns.entries,
        func.json_array_length(columns.added).label("added"),
        func.json_array_length(columns.changed).label("changed"),
        func.json_array_length(columns.removed).label("removed"),
    )
