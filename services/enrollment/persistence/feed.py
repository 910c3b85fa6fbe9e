"""The credential feed in the database: numbered without a gap by the row that counts.

The counter is locked when everything else is written, right before the audit's tail, and held to
the commit, so the numbers' order is the commits' order and no number is ever missing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql

from services.enrollment.domain.credential import Change, ChangeKind, Credential
from services.enrollment.persistence import tables
from shared.clock import Clock
from shared.crypto.feed import FeedMark, entry_bytes, follow, link, make_head
from shared.crypto.keyring import KeyRing

TAIL_ID = 1
WAKE_CHANNEL = "feed"


class SqlFeed:
    """The changes of one transaction, and the rows that they become."""

    def __init__(self, connection: Connection, ring: KeyRing, clock: Clock) -> None:
        self._connection = connection
        self._ring = ring
        self._clock = clock
        self._changes: list[Change] = []

    def add(self, change: Change) -> None:
        """Have the change numbered at the commit; sites hear of it."""
        self._changes.append(change)

    def sign_head(self, older_than: datetime) -> bool:
        """Sign a head as the next entry unless one is younger; tell whether one was signed."""
        mark, head_at = _lock_tail(self._connection)
        if head_at is not None and head_at > older_than:
            return False
        now = self._clock()
        entry = make_head(self._ring, mark, now=now)
        self._move(follow(mark, entry), entry, now, head_at=now)
        return True

    def write(self) -> None:
        """Give every change its number; the last thing but the audit before a commit."""
        if not self._changes:
            return
        mark, _ = _lock_tail(self._connection)
        for change in self._changes:
            now = self._clock()
            entry = link(mark, {**fields_of(change.credential), "kind": change.kind, "at": at(now)})
            mark = follow(mark, entry)
            self._move(mark, entry, now)
            if change.kind is ChangeKind.ERASED:
                self._forget(change.credential)
            else:
                self._remember(change.credential, mark, entry)
        self._changes = []

    def _move(
        self,
        mark: FeedMark,
        entry: Mapping[str, Any],
        now: datetime,
        *,
        head_at: datetime | None = None,
    ) -> None:
        row = {
            "position": mark.number,
            "kind": entry["kind"],
            "credential_id": entry.get("credential_id"),
            "entry": entry_bytes(entry).decode(),
            "hash": mark.hash,
            "at": now,
        }
        self._connection.execute(insert(tables.feed).values(row))
        moved: dict[str, object] = {"number": mark.number, "hash": mark.hash}
        if head_at is not None:
            moved["head_at"] = head_at
        tail = tables.feed_tail
        self._connection.execute(update(tail).where(tail.c.id == TAIL_ID).values(moved))
        self._connection.execute(text("SELECT pg_notify(:name, '')"), {"name": WAKE_CHANNEL})

    def _forget(self, credential: Credential) -> None:
        rows = tables.credentials
        mine = rows.c.credential_id == credential.credential_id
        self._connection.execute(delete(rows).where(mine))

    def _remember(self, credential: Credential, mark: FeedMark, entry: Mapping[str, Any]) -> None:
        values = {"position": mark.number, "entry": entry_bytes(entry).decode()}
        statement = postgresql.insert(tables.credentials).values(
            credential_id=credential.credential_id, epc=credential.epc, **values
        )
        changed = statement.on_conflict_do_update(index_elements=["credential_id"], set_=values)
        self._connection.execute(changed)


def fields_of(credential: Credential) -> dict[str, object]:
    """Return what an entry says of a credential, as plain values."""
    grace = credential.grace_until
    return {
        "credential_id": str(credential.credential_id),
        "epc": credential.epc.hex(),
        "tid_digest": credential.tid_digest.hex(),
        "status": str(credential.status),
        "programs": list(credential.programs),
        "age_band": str(credential.age_band),
        "valid_until": credential.valid_until.isoformat(),
        "grace_until": None if grace is None else grace.isoformat(),
        "list_age_limit_s": credential.list_age_limit_s,
        "plates": [plate.hex() for plate in credential.plates],
    }


def at(now: datetime) -> str:
    """Return an instant as entries write it."""
    return now.astimezone(UTC).isoformat(timespec="microseconds")


def _lock_tail(connection: Connection) -> tuple[FeedMark, datetime | None]:
    tail = tables.feed_tail
    row = connection.execute(select(tail).where(tail.c.id == TAIL_ID).with_for_update()).one()
    return FeedMark(number=row.number, hash=row.hash), row.head_at
