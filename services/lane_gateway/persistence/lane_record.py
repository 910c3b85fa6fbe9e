"""A lane's record: one durable commit for entries, outgoing messages and audit.

Plain ``pysqlite3`` and not SQLAlchemy: the commit stands between the reader's report and the gate.
The rows have exactly the form in which SQLAlchemy reads them elsewhere.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3.dbapi2 as sqlite
from structlog import get_logger

from services.lane_gateway.domain.events import Entry
from services.lane_gateway.domain.live import LiveState, live_json
from services.lane_gateway.domain.retention import CHIP_CHALLENGES, LANE_WORDS, RETENTION
from services.lane_gateway.domain.selection import SelectionStanding
from services.lane_gateway.persistence.carried_rows import (
    CLEAN_EVERY,
    before_which_rows_go,
    carried_number,
)
from services.lane_gateway.persistence.entry_json import body_of, kind_of
from services.lane_gateway.persistence.lane_selection import selection_standing
from services.lane_gateway.persistence.old_words import empty_old_words
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.ports import RecordLost
from shared.audit.chain import GENESIS, entry_hash
from shared.clock import Clock, utc_now
from shared.context import current_context
from shared.crypto.canonical import canonical
from shared.events import Outgoing, Translate
from shared.ids import NewId
from shared.retention import row_in_force

log = get_logger(__name__)

BUSY_TIMEOUT = 0.1  # seconds: a lane cannot wait longer; a locked file is a lost record
WORDS_AT_ONCE = 500  # 45 ms in which a vehicle may come; 12,000 a day, twice what a lane takes in
LIVE_PLACE = "live"
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes instants to SQLite
_STAMP = len("2026-01-01 00:00:00.000000")
_PUT_ENTRY = (
    "INSERT INTO entries (kind, passage_id, at, monotonic, device_time, body) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_NEXT_TURN = (
    "INSERT INTO sequences (subject, last) VALUES (?, 1) "
    "ON CONFLICT (subject) DO UPDATE SET last = sequences.last + 1 RETURNING last"
)
_POST = (
    "INSERT INTO outbox (id, type, subject, sequence, request_id, at, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_AUDIT = (
    "INSERT INTO audit_entries (number, at, actor, request_id, lines, previous, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_START_TAIL = "INSERT INTO audit_tail (number, hash, id) VALUES (?, ?, 1)"
_MOVE_TAIL = "UPDATE audit_tail SET number = ?, hash = ? WHERE id = 1"


class LaneRecordFile:
    """One lane's file, opened by its agent, the only writer."""

    def __init__(
        self,
        path: Path,
        *,
        lane: str,
        seal: SiteSeal,
        translate: Translate,
        new_id: NewId,
        clock: Clock = utc_now,
    ) -> None:
        self._lane = lane
        self._seal = seal
        self._translate = translate
        self._new_id = new_id
        self._clock = clock
        self._carrier = path.with_name("carrier.db")
        self._clean_at = 0.0
        self._connection = sqlite.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        # Checkpoints are made in ``tidy``, never while a vehicle waits.
        self._connection.execute("PRAGMA wal_autocheckpoint=0")

    def append(self, entries: Sequence[Entry]) -> None:
        """Write all entries, and what others must learn of them, in one durable commit."""
        if entries:
            self._commit(lambda: self._append(entries))

    def save_live(self, state: LiveState) -> None:
        """Keep the newest picture of the lane; a lost one is no error."""
        sealed = self._seal.seal(json.dumps(live_json(state)), LIVE_PLACE)
        put = "INSERT OR REPLACE INTO live (id, at, sealed) VALUES (1, ?, ?)"
        try:
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute(put, (_stamp(state.at), sealed))
        except sqlite.Error:
            return
        finally:
            self._connection.execute("PRAGMA synchronous=FULL")

    def newest(self) -> datetime | None:
        """Return the time of the newest entry."""
        row = self._one("SELECT at FROM entries ORDER BY number DESC LIMIT 1")
        return None if row is None else datetime.strptime(row[0], _TIME).replace(tzinfo=UTC)

    def unfinished(self) -> Sequence[UUID]:
        """Return the passages that an earlier run of the agent left open."""
        query = (
            "SELECT passage_id FROM entries WHERE kind = 'passage_opened' AND passage_id NOT IN "
            "(SELECT passage_id FROM entries WHERE kind = 'passage_ended')"
        )
        return [UUID(row[0]) for row in self._all(query)]

    def last_command(self) -> int:
        """Return the highest command taken in so far, 0 without any."""
        query = (
            "SELECT max(json_extract(body, '$.command_id')) FROM entries "
            "WHERE kind = 'officer_commanded'"
        )
        row = self._one(query)
        return int(row[0] or 0) if row else 0

    def selection(self, *, now: datetime) -> SelectionStanding:
        """Return where the draws of an earlier run stand."""
        try:
            return selection_standing(self._connection, seal=self._seal, now=now)
        except sqlite.Error as error:
            raise RecordLost(f"The record of lane {self._lane} cannot be read") from error

    def tidy(self) -> None:
        """Move the log of commits into the file, and let go of what is kept no longer.

        Called while no vehicle is in the lane.
        """
        self._one("PRAGMA wal_checkpoint(PASSIVE)")
        self.forget_words(now=self._clock(), kind=CHIP_CHALLENGES)
        if time.monotonic() >= self._clean_at:
            self._clean_at = time.monotonic() + CLEAN_EVERY
            self.forget_carried(now=self._clock())
            self.forget_words(now=self._clock())

    def forget_carried(self, *, now: datetime) -> None:
        """Delete the outgoing rows that the broker confirmed and that are a week old."""
        number = carried_number(self._carrier, f"lane-{self._lane}")
        gone = "DELETE FROM outbox WHERE number <= ? AND at < ?"
        values = (number, before_which_rows_go(now))
        self._commit(lambda: self._connection.execute(gone, values))

    def forget_words(
        self, *, now: datetime, limit: int = WORDS_AT_ONCE, kind: str = LANE_WORDS
    ) -> int:
        """Take plates and officers' words, or challenges, out of old entries; return of how many.

        What is left over goes with the next hour's batch.
        """
        before = _stamp(row_in_force(RETENTION, kind, now.date()).keeps_from(now))
        lines: list[dict[str, str]] = []

        def empty() -> None:
            place, lane = self._connection, self._lane
            lines.extend(empty_old_words(place, lane=lane, before=before, limit=limit, kind=kind))
            if lines:
                self._audit(lines, now)

        # What is replaced shall not stay behind in the file's free space.
        self._one("PRAGMA secure_delete=ON")
        self._commit(empty)
        self._one("PRAGMA secure_delete=OFF")
        if lines:
            log.info("records_forgotten", kind=kind, rows=len(lines), lane=self._lane)
        return len(lines)

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self._connection.close()

    def _append(self, entries: Sequence[Entry]) -> None:
        rows, lines = [], []
        last, of = None, None
        for entry in entries:
            kind, passage = kind_of(entry.event), getattr(entry.event, "passage_id", None)
            if passage is not last:
                last, of = passage, str(passage) if passage else None
            body = body_of(entry.event, partial(self._seal.seal, place=kind))
            seen = _stamp(entry.device_time) if entry.device_time else None
            rows.append((kind, of, _stamp(entry.at), entry.monotonic, seen, body))
            digest = hashlib.sha256(body.encode()).hexdigest()
            lines.append({"digest": digest, "event": kind, "subject": of or self._lane})
        self._connection.executemany(_PUT_ENTRY, rows)
        for entry in entries:
            for message in self._translate(entry.event):
                self._post(message, entry.at)
        self._audit(lines, entries[-1].at)

    def _post(self, message: Outgoing, at: datetime) -> None:
        (turn,) = self._connection.execute(_NEXT_TURN, (message.subject,)).fetchone()
        request = current_context().request_id
        values = (self._new_id().hex, message.type, message.subject, turn, request, _stamp(at))
        self._connection.execute(_POST, (*values, json.dumps(dict(message.body))))

    def _audit(self, lines: list[dict[str, str]], at: datetime) -> None:
        tail = self._connection.execute("SELECT number, hash FROM audit_tail").fetchone()
        number, previous = tail or (0, GENESIS)
        context = current_context()
        row = {
            "number": number + 1,
            "at": at,
            "actor": context.actor,
            "request_id": context.request_id,
            "lines": canonical(lines).decode(),
            "previous": previous,
        }
        chain = entry_hash(row)
        values = (row["number"], _stamp(at), row["actor"], row["request_id"], row["lines"])
        self._connection.execute(_AUDIT, (*values, previous, chain))
        move = _MOVE_TAIL if tail else _START_TAIL
        self._connection.execute(move, (number + 1, chain))

    def _commit(self, work: Callable[[], object]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                work()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite.Error as error:
            raise RecordLost(f"The record of lane {self._lane} was not written") from error

    def _one(self, query: str) -> tuple[Any, ...] | None:
        rows = self._all(query)
        return rows[0] if rows else None

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return list(self._connection.execute(query).fetchall())
        except sqlite.Error as error:
            raise RecordLost(f"The record of lane {self._lane} cannot be read") from error


def _stamp(at: datetime) -> str:
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(" ", "microseconds")[:_STAMP]
