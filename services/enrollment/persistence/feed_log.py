"""What of the feed has reached the log, as the one worker sees it that appends."""

import zlib
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select, text, update

from services.enrollment.persistence import tables
from services.enrollment.persistence.feed import WAKE_CHANNEL
from shared.messaging.broker import LogEntry
from shared.persistence.database_errors import named_errors


class SqlFeedLog:
    """One session: holds the advisory lock that makes this worker the log's only writer."""

    def __init__(self, engine: Engine) -> None:
        self._leads = False
        with named_errors():
            self._session: Connection = engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            self._session.execute(text(f"LISTEN {WAKE_CHANNEL}"))

    def lead(self) -> bool:
        """Tell whether this worker is the one that appends now; others stand by."""
        if not self._leads:
            key = zlib.crc32(f"feed:{self._session.engine.url.database}".encode())
            with named_errors():
                asked = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=key)
                self._leads = bool(self._session.scalar(asked))
        return self._leads

    def wait(self, timeout: float) -> None:
        """Return when an entry may have been added, at the latest after ``timeout`` seconds."""
        driver = self._session.connection.driver_connection
        with named_errors():
            for _ in driver.notifies(timeout=timeout, stop_after=1):  # type: ignore[union-attr]
                return

    def pending(self, limit: int) -> Sequence[LogEntry]:
        """Return the entries that the log does not have yet, in order."""
        rows, done = tables.feed.c, tables.feed_log.c
        confirmed = select(done.number).scalar_subquery()
        statement = select(rows.position, rows.entry).where(rows.position > confirmed)
        with named_errors():
            found = self._session.execute(statement.order_by(rows.position).limit(limit)).all()
        return [LogEntry(number=row.position, data=row.entry.encode()) for row in found]

    def confirmed(self, number: int) -> None:
        """Note that the log has everything up to ``number``."""
        with named_errors():
            self._session.execute(update(tables.feed_log).values(number=number))

    def close(self) -> None:
        """End the session, and with it the leadership; a pooled one would keep the lock."""
        self._session.invalidate()
        self._session.close()
