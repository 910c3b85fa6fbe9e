"""The lanes' commitments before they draw vehicles by chance, and the seeds told afterwards."""

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql

from services.enrollment.domain.lane_selection import SelectionCommitment, SelectionTold
from services.enrollment.persistence import tables
from shared.errors import NotFound

_WORDS = ("site", "lane", "period", "ppm", "version", "commitment", "at")


class SqlSelections:
    """One row for each lane and period."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def committed(self, commitment: SelectionCommitment) -> None:
        """Keep a commitment; the first one of a lane and period stands."""
        values = {name: getattr(commitment, name) for name in _WORDS}
        new = postgresql.insert(tables.selections).values(values)
        self._connection.execute(new.on_conflict_do_nothing())

    def of(self, told: SelectionTold) -> SelectionCommitment:
        """Return what the lane was bound to, or raise ``NotFound``."""
        rows = tables.selections.c
        wanted = select(*(rows[name] for name in _WORDS)).where(_mine(told))
        found = self._connection.execute(wanted).mappings().one_or_none()
        if found is None:
            raise NotFound(f"Lane {told.lane} of {told.site} is bound to nothing on {told.period}")
        return SelectionCommitment(**found)

    def told(self, told: SelectionTold, *, holds: bool) -> None:
        """Keep the seed and whether it holds; what was told first stands."""
        rows = tables.selections
        change = update(rows).where(_mine(told), rows.c.told_at.is_(None))
        values = {
            "seed": told.seed.hex(),
            "draws": told.draws,
            "told_at": told.at,
            "holds": int(holds),
        }
        self._connection.execute(change.values(values))


def _mine(told: SelectionTold) -> ColumnElement[bool]:
    rows = tables.selections.c
    return (rows.site == told.site) & (rows.lane == told.lane) & (rows.period == told.period)
