"""The broker as PostgreSQL tables, for demo and tests; a production start refuses it.

Its tables stand in a schema ``broker`` of their own. A message is claimed by one statement (``FOR
UPDATE SKIP LOCKED``) that writes the claiming session into the row; each session holds an advisory
lock of that number, so that the claims of one that died are seen and taken back. NOTIFY wakes
receivers, which also look each second, since a notice may be lost with its connection.
"""

import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from shared.errors import Unavailable
from shared.messaging.backoff import Backoff
from shared.messaging.broker import Delivery, LogEntry, Unroutable, Wire
from shared.messaging.open_ends import OpenEnds
from shared.messaging.topology import DELIVERY_LIMIT, Topology

POLL_SECONDS = 1.0
"""How long a lost notice may delay a message, and a dead receiver keep what it had claimed."""
CONNECT_SECONDS = 5  # a server on this machine answers in milliseconds, or recovers from a crash
OPTIONS = "-c statement_timeout=10000"  # 10 s: who takes longer waits for a lock held for ever
LONGEST_PAUSE = 1.0  # between attempts to connect: a receiver's caller waits for it

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS broker;
CREATE TABLE IF NOT EXISTS broker.bindings (queue text, pattern text, PRIMARY KEY (queue, pattern));
CREATE TABLE IF NOT EXISTS broker.messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, queue text NOT NULL,
    routing_key text NOT NULL, headers text NOT NULL, body bytea NOT NULL,
    session bigint, deliveries int NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS waiting ON broker.messages (queue, id) WHERE session IS NULL;
CREATE TABLE IF NOT EXISTS broker.log (number bigint PRIMARY KEY, data bytea NOT NULL);
"""
_PUBLISH = """
WITH placed AS (
    INSERT INTO broker.messages (queue, routing_key, headers, body)
    SELECT queue, %(key)s, %(headers)s, %(body)s FROM broker.bindings
    WHERE %(key)s ~ pattern GROUP BY queue RETURNING queue)
SELECT pg_notify('broker.' || queue, '') FROM placed
"""
_CLAIM = """
UPDATE broker.messages SET session = %(session)s, deliveries = deliveries + 1 WHERE id = (
    SELECT id FROM broker.messages WHERE queue = %(queue)s AND session IS NULL
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, routing_key, headers, body, deliveries
"""
_IS_BOUND = "SELECT FROM broker.bindings WHERE queue = %(main)s"
_ACKNOWLEDGE = "DELETE FROM broker.messages WHERE session = %(session)s AND id = %(id)s"
_RELEASE = """
WITH freed AS (
    UPDATE broker.messages SET session = NULL, queue = CASE
        WHEN deliveries > %(limit)s THEN %(main)s || '.dead' ELSE queue END
    WHERE queue = %(queue)s AND {} RETURNING queue)
SELECT pg_notify('broker.' || queue, '') FROM freed GROUP BY queue
"""
_GIVE_BACK = _RELEASE.format("session = %(session)s AND id = coalesce(%(id)s, id)")
_TAKE_FROM_THE_DEAD = _RELEASE.format("""session NOT IN (
    SELECT classid::bigint << 32 | objid::bigint FROM pg_locks WHERE locktype = 'advisory')""")
_APPEND = """
WITH added AS (INSERT INTO broker.log VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING number)
SELECT pg_notify('broker.log', '') FROM added
"""
_READ = "SELECT number, data FROM broker.log WHERE number > %s ORDER BY number LIMIT 1"

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")


def install(database_url: str, topology: Topology) -> None:
    """Make the tables and lay out the bindings; harmless when they are there, whoever is first."""
    words = {ord("."): "[.]", ord("*"): "[^.]+"}  # we use no "#"
    rows = [(link.queue, f"^{link.pattern.translate(words)}$") for link in topology.bindings]
    with psycopg.connect(_plain(database_url), connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('broker.install'))")
        connection.execute(_SCHEMA)
        connection.execute("DELETE FROM broker.bindings")
        connection.cursor().executemany("INSERT INTO broker.bindings VALUES (%s, %s)", rows)


class _End:
    """A connection that comes back after a loss, not faster than the pause allows."""

    def __init__(self, url: str, channel: str | None = None) -> None:
        self._url, self._channel, self._session = url, channel, 0
        self._connection: Connection | None = None
        self._backoff = Backoff(longest=LONGEST_PAUSE)

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _using(self, work: Callable[[Connection], T]) -> T:
        """Do ``work``; on failure drop the connection, and the text, which may quote our own."""
        try:
            return work(self._connection or self._connect())
        except psycopg.Error as error:
            _End.close(self)
            raise Unavailable(f"the broker failed: {type(error).__name__}") from None

    def _connect(self) -> Connection:
        """Connect once, after the pause that earlier failures ask for."""
        self._backoff.hold()
        self._connection = connection = psycopg.connect(
            self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, options=OPTIONS
        )
        self._session = secrets.randbits(62)
        connection.execute("SELECT pg_advisory_lock(%s)", [self._session])
        if self._channel is not None:
            connection.execute(f'LISTEN "{self._channel}"')
        self._backoff.reset()
        return connection

    def _waiting(self, look: Callable[[Connection], T | None], timeout: float) -> T | None:
        """Return what ``look`` finds, looking again when notified and at least each second."""
        deadline = time.monotonic() + timeout
        while (found := self._using(look)) is None:
            left = min(deadline - time.monotonic(), POLL_SECONDS)
            if left <= 0:
                return None
            self._rest(left)
        return found

    def _rest(self, seconds: float) -> None:
        self._using(lambda connection: list(connection.notifies(timeout=seconds, stop_after=1)))


class EmbeddedPublisher(_End):
    """Sends; the commit of the rows is the confirm."""

    def publish(self, wire: Wire) -> None:
        """Return once the rows are committed; raise ``Unroutable`` or ``Unavailable``."""
        headers = json.dumps(dict(wire.headers))
        values = {"key": wire.routing_key, "headers": headers, "body": wire.body}
        if not self._using(lambda connection: connection.execute(_PUBLISH, values).rowcount):
            raise Unroutable(f"no queue is bound for {wire.routing_key}")

    def check(self) -> None:
        """Raise ``Unavailable`` unless the database answers."""
        self._using(lambda connection: connection.execute("SELECT"))


class EmbeddedSubscription(_End):
    """Receives from one queue."""

    def __init__(self, url: str, queue: str) -> None:
        super().__init__(url, f"broker.{queue}")
        self._queue = queue
        self._next_sweep = 0.0

    def receive(self, timeout: float) -> Delivery | None:
        """Return the next message, ``None`` after ``timeout`` s, or raise ``Unavailable``."""
        return self._waiting(self._claim, timeout)

    def acknowledge(self, delivery: Delivery) -> None:
        """Delete the message, if it is still ours."""
        self._settle(_ACKNOWLEDGE, delivery)

    def give_back(self, delivery: Delivery) -> None:
        """Let the message be claimed again."""
        self._settle(_GIVE_BACK, delivery)

    def close(self) -> None:
        """Give everything unacknowledged back; safe to call twice."""
        self._settle(_GIVE_BACK)
        super().close()

    def _settle(self, statement: str, delivery: Delivery | None = None) -> None:
        if self._connection is not None:  # else the claims went with it
            values = self._values() | {"id": delivery and delivery.tag}
            with suppress(Unavailable):
                self._using(lambda connection: connection.execute(statement, values))

    def _values(self) -> dict[str, object]:
        names = {"queue": self._queue, "main": self._queue.removesuffix(".dead")}
        return names | {"session": self._session, "limit": DELIVERY_LIMIT}

    def _claim(self, connection: Connection) -> Delivery | None:
        values = self._values()
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + POLL_SECONDS
            if not connection.execute(_IS_BOUND, values).rowcount:
                raise Unavailable(f"there is no queue {self._queue}")
            connection.execute(_TAKE_FROM_THE_DEAD, values)
        if (row := connection.execute(_CLAIM, values).fetchone()) is None:
            return None
        tag, key, headers, body, deliveries = row
        wire = Wire(routing_key=key, headers=json.loads(headers), body=body)
        return Delivery(tag=tag, wire=wire, redelivered=deliveries > 1)


class EmbeddedLogWriter(_End):
    """Appends to the log."""

    def append(self, number: int, data: bytes) -> None:
        """Return once the entry is committed; a number that is there already stays as it is."""
        self._using(lambda connection: connection.execute(_APPEND, [number, data]))


class EmbeddedLogReader(_End):
    """Reads the log in order."""

    def __init__(self, url: str, after_number: int) -> None:
        super().__init__(url, "broker.log")
        self._last = after_number

    def read(self, timeout: float) -> LogEntry | None:
        """Return the next entry, ``None`` after ``timeout`` s, or raise ``Unavailable``."""
        if entry := self._waiting(self._next, timeout):
            self._last = entry.number
        return entry

    def _next(self, connection: Connection) -> LogEntry | None:
        row = connection.execute(_READ, [self._last]).fetchone()
        return LogEntry(number=row[0], data=row[1]) if row else None


class EmbeddedBroker(OpenEnds):
    """Queues and log in the database at ``database_url``, where ``install`` has been."""

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self._url = _plain(database_url)

    def publisher(self) -> EmbeddedPublisher:
        """Open an end for sending."""
        return self.add(EmbeddedPublisher(self._url))

    def subscription(self, queue: str, *, prefetch: int = 1) -> EmbeddedSubscription:  # noqa: ARG002
        """Open an end for receiving; messages are claimed one by one, whatever ``prefetch``."""
        return self.add(EmbeddedSubscription(self._url, queue))

    def log_writer(self) -> EmbeddedLogWriter:
        """Open the writing end of the log."""
        return self.add(EmbeddedLogWriter(self._url))

    def log_reader(self, after_number: int) -> EmbeddedLogReader:
        """Open a reading end that gives the entries after ``after_number``."""
        return self.add(EmbeddedLogReader(self._url, after_number))


def _plain(database_url: str) -> str:
    return database_url.replace("postgresql+psycopg:", "postgresql:", 1)
