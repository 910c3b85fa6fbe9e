"""The credential list as a lane reads it: the current generation and the newest head."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.list_age import ListHead, ListPosition
from services.lane_gateway.persistence.card_file import CardFileReader
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.use_cases.ports import ListLost, LookUp

BUSY_TIMEOUT = 0.1  # seconds: a decision cannot wait longer
_STATE = "SELECT generation, head_position, head_at, head_monotonic, head_boot_id FROM site_state"
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes instants to SQLite


class SiteCardList:
    """One site's list, read only; a lane keeps it open and changes over between two vehicles."""

    def __init__(self, files: SiteFiles) -> None:
        self._files = files
        self._state: Any = None
        self._generation = 0
        self._cards: CardFileReader | None = None
        self._last_row: Any = None
        self._head: ListHead | None = None

    def look_up(self, epcs: Collection[bytes]) -> LookUp:
        """Return what the list says of these numbers, how far it has come, and the newest head."""
        try:
            applied, cards = self._opened().look_up(epcs)
            row = self._row()
        except (sqlite.Error, ValueError, LookupError) as error:
            raise ListLost("The credential list cannot be read") from error
        if row != self._last_row:
            # A head comes every half minute, and is asked for several times a decision.
            self._last_row, self._head = row, _head(row)
        return LookUp(position=ListPosition(applied=applied, head=self._head), cards=cards)

    def renew(self) -> None:
        """Change over to a newer generation, if there is one."""
        try:
            row = self._row()
            if row is not None and row[0] not in {0, self._generation}:
                fresh = CardFileReader(self._files.cards(row[0]))
                if self._cards is not None:
                    self._cards.close()
                self._cards, self._generation = fresh, row[0]
        except sqlite.Error as error:
            raise ListLost("The credential list cannot be read") from error

    def close(self) -> None:
        """Let go of the files; safe to call twice."""
        if self._cards is not None:
            self._cards.close()
            self._cards, self._generation = None, 0
        if self._state is not None:
            self._state.close()
            self._state = None

    def _opened(self) -> CardFileReader:
        if self._cards is None:
            self.renew()
        if self._cards is None:
            raise ListLost("There is no credential list at this site yet")
        return self._cards

    def _row(self) -> tuple[Any, ...] | None:
        if self._state is None:
            address = f"file:{self._files.carrier}?mode=ro"
            self._state = sqlite.connect(
                address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
            )
        row: tuple[Any, ...] | None = self._state.execute(_STATE).fetchone()
        return row


def _head(row: tuple[Any, ...] | None) -> ListHead | None:
    if row is None or row[2] is None:
        return None
    _, number, at, monotonic, boot = row
    time = datetime.strptime(at, _TIME).replace(tzinfo=UTC)
    return ListHead(number=number, time=time, came_at=monotonic, boot=boot)
