"""The outbox of a service on PostgreSQL, as its relay sees it."""

import zlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, Table, select, text, update

from shared.clock import Clock
from shared.messaging.relay import Pending
from shared.persistence.database_errors import named_errors
from shared.persistence.outbox import WAKE_CHANNEL

REST_WHEN_UNROUTABLE = timedelta(seconds=30)
EMPTY_AFTER = timedelta(hours=24)  # architecture section 6: dossiers do not stay in the outbox
DELETE_AFTER = timedelta(days=7)


class SqlOutbox:
    """One session with the outbox: holds the advisory lock that makes this relay the leader."""

    def __init__(self, engine: Engine, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._leads = False
        with named_errors():
            self._session: Connection = engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            self._session.execute(text(f"LISTEN {WAKE_CHANNEL}"))

    def lead(self) -> bool:
        """Tell whether this relay is the one that publishes now."""
        if not self._leads:
            key = zlib.crc32(f"relay:{self._session.engine.url.database}".encode())
            with named_errors():
                asked = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=key)
                self._leads = bool(self._session.scalar(asked))
        return self._leads

    def wait(self, timeout: float) -> None:
        """Return when a commit has added something, at the latest after ``timeout`` seconds."""
        driver = self._session.connection.driver_connection
        with named_errors():
            for _ in driver.notifies(timeout=timeout, stop_after=1):  # type: ignore[union-attr]
                return

    def pending(self, limit: int) -> Sequence[Pending]:
        """Return unpublished rows in the order of their numbers."""
        out = self._table
        ready = out.c.published_at.is_(None) & (
            out.c.due_at.is_(None) | (out.c.due_at <= self._clock())
        )
        with named_errors():
            rows = self._session.execute(
                select(out).where(ready).order_by(out.c.number).limit(limit)
            ).all()
        names = Pending.__dataclass_fields__
        return [Pending(**{name: getattr(row, name) for name in names}) for row in rows]

    def confirmed(self, numbers: Sequence[int]) -> None:
        """Mark rows as published."""
        out = self._table
        change = update(out).where(out.c.number.in_(numbers)).values(published_at=self._clock())
        with named_errors():
            self._session.execute(change)

    def put_off(self, number: int) -> None:
        """Leave a row for later, since no queue takes it now."""
        out = self._table
        later = self._clock() + REST_WHEN_UNROUTABLE
        with named_errors():
            self._session.execute(update(out).where(out.c.number == number).values(due_at=later))

    def close(self) -> None:
        """End the session, and with it the leadership; a pooled one would keep the lock."""
        self._session.invalidate()
        self._session.close()


def tidy_outbox(connection: Connection, table: Table, clock: Clock) -> None:
    """Empty the bodies of what was published a day ago, and delete what is a week old."""
    now = clock()
    emptied = update(table).where(
        table.c.published_at < now - EMPTY_AFTER, table.c.body.is_not(None)
    )
    connection.execute(emptied.values(body=None))
    connection.execute(table.delete().where(table.c.published_at < now - DELETE_AFTER))
