"""How far a file's outbox has been carried away, as that file's own writer reads it.

The worker notes it in its file; whoever writes a file deletes its own rows a week after that.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

DELETE_AFTER = timedelta(days=7)
CLEAN_EVERY = 3_600.0  # seconds: what goes is a week old
BUSY_TIMEOUT = 0.1
_CARRIED = "SELECT number FROM carried WHERE file = ?"
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes instants to SQLite


def carried_number(carrier: Path, file: str) -> int:
    """Return the last row of ``file`` that the broker confirmed, 0 where nobody can tell."""
    try:
        connection = sqlite.connect(
            f"file:{carrier}?mode=ro", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
        )
        try:
            row = connection.execute(_CARRIED, (file,)).fetchone()
        finally:
            connection.close()
    except sqlite.Error:
        return 0
    return int(row[0]) if row else 0


def before_which_rows_go(now: datetime) -> str:
    """Return the time before which carried rows are deleted, as the file writes it."""
    return (now.astimezone(UTC) - DELETE_AFTER).strftime(_TIME)
