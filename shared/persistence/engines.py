"""Database engines with the settings that durability and time limits ask for."""

from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

CONNECT_TIMEOUT = 5  # seconds: a page waits no longer than this for a database that is away
STATEMENT_TIMEOUT = "15s"  # nothing that we ask takes a tenth of it; a hung disk must show
LOCK_TIMEOUT = "2s"  # architecture section 6: the tail of the audit chain is held for microseconds
SQLITE_BUSY_TIMEOUT = 2.0  # seconds; each file has one writing process, so this is never reached
SQLITE_AT_LEAST = (3, 51, 3)  # older ones can lose a commit when the WAL is reset


def postgres_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Return an engine for a service's PostgreSQL database."""
    options = (
        f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout={LOCK_TIMEOUT} "
        "-c timezone=UTC -c idle_in_transaction_session_timeout=60s"
    )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_TIMEOUT,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT, "options": options},
    )


def sqlite_engine(path: Path, *, read_only: bool = False) -> Engine:
    """Return an engine for one of a site's files; ``OSError`` if SQLite is too old to be trusted.

    A reader opens the file as such, so that no mistake of ours can write to another's file.
    """
    module = _sqlite_module()
    query = {"uri": "true", "mode": "ro" if read_only else "rwc"}
    url = URL.create("sqlite", database=f"file:{path}", query=query)
    engine = create_engine(url, module=module, connect_args={"timeout": SQLITE_BUSY_TIMEOUT})
    event.listen(engine, "connect", _settings_of(read_only=read_only))
    event.listen(engine, "begin", lambda c: c.exec_driver_sql(_begin(read_only=read_only)))
    return engine


def _begin(*, read_only: bool) -> str:
    # IMMEDIATE: the single writer takes its lock at once, so that no commit fails half way.
    return "BEGIN" if read_only else "BEGIN IMMEDIATE"


def _sqlite_module() -> object:
    import pysqlite3.dbapi2 as module  # noqa: PLC0415 - only a site needs it

    if module.sqlite_version_info < SQLITE_AT_LEAST:
        wanted = ".".join(str(part) for part in SQLITE_AT_LEAST)
        raise OSError(f"SQLite {module.sqlite_version} is too old; {wanted} or newer is needed")
    return module


def _settings_of(*, read_only: bool):  # type: ignore[no-untyped-def] # noqa: ANN202 - a listener
    def settings(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not begin by itself: the "begin" listener above does.
        connection.isolation_level = None
        cursor = connection.cursor()
        if not read_only:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return settings
