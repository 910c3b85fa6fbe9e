"""One generation of the credential list: an SQLite file that only the worker writes.

Plain ``pysqlite3`` and not SQLAlchemy: a lane looks up every card of a vehicle between the reader's
report and the gate, and the look-up has to cost microseconds.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.credentials import AgeBand, CardRecord, CardStatus
from services.lane_gateway.domain.feed import CredentialChange
from shared.plates import MARK_BYTES

BUSY_TIMEOUT = 2.0  # seconds; there is one writer, so this is never reached
_COLUMNS = (
    "epc, credential_id, tid_digest, status, programs, age_band, valid_until, grace_until, "
    "list_age_limit_s, plates"
)
_MARK = f"SELECT number, {', '.join(['NULL'] * 9)} FROM meta"  # noqa: S608 - of ours alone
_FIND = f"SELECT {_COLUMNS} FROM cards WHERE epc IN "  # noqa: S608 - column names of ours
_PUT = f"INSERT OR REPLACE INTO cards ({_COLUMNS}, position) VALUES ({'?, ' * 10}?)"  # noqa: S608
_STATUSES = {status.value: status for status in CardStatus}
_BANDS = {band.value: band for band in AgeBand}
_START_HASH = "0" * 64


def create_card_file(path: Path) -> None:
    """Make an empty list, for a site that follows the feed from its first entry."""
    schema = resources.files("shared.contracts").joinpath("credential_snapshot.sql").read_text()
    connection = sqlite.connect(path, isolation_level=None)
    try:
        connection.executescript(schema)
        connection.execute("INSERT INTO meta VALUES (1, 0, ?)", (_START_HASH,))
    finally:
        connection.close()


class CardFileWriter:
    """Applies the feed to one generation; belongs to the worker's feed loop."""

    def __init__(self, path: Path) -> None:
        # One thread at a time, but the worker opens it before its loop's thread exists.
        self._connection = sqlite.connect(
            path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")

    def mark(self) -> tuple[int, str]:
        """Return the number and the hash of the last entry that was applied."""
        number, chain = self._connection.execute("SELECT number, hash FROM meta").fetchone()
        return int(number), str(chain)

    def apply(self, changes: Sequence[CredentialChange]) -> None:
        """Apply entries that follow the mark, and move it, in one transaction."""
        if not changes:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                self._apply(change)
            last = changes[-1]
            self._connection.execute(
                "UPDATE meta SET number = ?, hash = ?", (last.position, last.hash)
            )
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _apply(self, change: CredentialChange) -> None:
        if change.erased is not None:
            gone = "DELETE FROM cards WHERE credential_id = ?"
            self._connection.execute(gone, (str(change.erased),))
        if change.record is not None:
            # A card that was encoded anew keeps its credential but not its number.
            other = "DELETE FROM cards WHERE credential_id = ? AND epc <> ?"
            record = change.record
            self._connection.execute(other, (str(record.credential_id), record.epc))
            self._connection.execute(_PUT, (*_row(record), change.position))


class CardFileReader:
    """Looks up cards in one generation; sees every commit of the writer at once."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite.connect(
            f"file:{path}?mode=ro", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
        )

    def look_up(self, epcs: Collection[bytes]) -> tuple[int, dict[bytes, CardRecord]]:
        """Return the number of the last entry applied, and the newest record of each known card.

        One statement, so both are of the same moment.
        """
        rows = iter(self._connection.execute(_look_up(len(epcs)), (*epcs,)).fetchall())
        (number, *_) = next(rows)
        return number, {row[0]: _record(row) for row in rows}

    def mark(self) -> tuple[int, str]:
        """Return the number and the hash of the last entry that was applied."""
        number, chain = self._connection.execute("SELECT number, hash FROM meta").fetchone()
        return int(number), str(chain)

    def count(self) -> int:
        """Return how many cards the list has."""
        return int(self._connection.execute("SELECT count(*) FROM cards").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _row(record: CardRecord) -> tuple[Any, ...]:
    return (
        record.epc,
        str(record.credential_id),
        record.tid_digest,
        record.status.value,
        ",".join(sorted(record.programs)),
        record.age_band.value,
        record.valid_until.isoformat(),
        record.grace_until.isoformat() if record.grace_until else None,
        record.list_age_limit_s,
        b"".join(record.plates),
    )


@lru_cache(maxsize=64)
def _look_up(cards: int) -> str:
    return f"{_MARK} UNION ALL {_FIND}({', '.join('?' * cards)})"


@lru_cache(maxsize=256)
def _record(row: tuple[Any, ...]) -> CardRecord:
    # A decision asks for the same cards several times, each time for the newest row.
    epc, credential, digest, status, programs, band, until, grace, limit, plates = row
    return CardRecord(
        credential_id=UUID(credential),
        epc=epc,
        tid_digest=digest,
        status=_STATUSES[status],
        programs=_programs(programs),
        age_band=_BANDS[band],
        valid_until=_day(until),
        grace_until=_day(grace) if grace else None,
        list_age_limit_s=limit,
        plates=tuple(plates[i : i + MARK_BYTES] for i in range(0, len(plates), MARK_BYTES)),
    )


@lru_cache(maxsize=64)
def _programs(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
