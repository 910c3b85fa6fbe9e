"""What the product needs of a broker: a queue and a log, and nothing more.

Two implementations keep this contract under one test suite: RabbitMQ (``amqp.py``) and PostgreSQL
tables for demo and tests (``embedded.py``). Every end (publisher, subscription, log) belongs to the
thread that opened it. A lost broker shows as ``Unavailable``; the same end may be used again
afterwards and reconnects by itself, waiting with backoff and jitter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shared.errors import Forbidden, Unavailable


@dataclass(frozen=True, kw_only=True)
class Wire:
    """A message as the broker sees it; ``headers`` hold CloudEvents attributes (``ce-...``)."""

    routing_key: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message that was handed to us and waits for our acknowledgement."""

    tag: int
    wire: Wire
    redelivered: bool = False


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One entry of the log."""

    number: int
    data: bytes = field(repr=False)


class Publisher(Protocol):
    """Sends messages, one at a time."""

    def publish(self, wire: Wire) -> None:
        """Return once the broker holds the message durably.

        Raise ``Unavailable`` when it did not confirm in time, ``Unroutable`` when no queue is bound
        for the routing key, ``Refused`` when this user may not write it.
        """

    def check(self) -> None:
        """Raise ``Unavailable`` unless the broker is there."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


class Subscription(Protocol):
    """Receives the messages of one queue, each again until it is acknowledged."""

    def receive(self, timeout: float) -> Delivery | None:
        """Return the next message, ``None`` after ``timeout`` s, or raise ``Unavailable``."""

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker that the message is done with; a lost connection is no error here."""

    def give_back(self, delivery: Delivery) -> None:
        """Put the message back to be delivered again, after all else failed."""

    def close(self) -> None:
        """Give everything unacknowledged back; safe to call twice."""


class LogWriter(Protocol):
    """Appends to the log; one writer in the whole system."""

    def append(self, number: int, data: bytes) -> None:
        """Return once the entry is durable; or raise ``Unavailable``. A repeat is harmless."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


class LogReader(Protocol):
    """Reads the log from a number on, in order, without end."""

    def read(self, timeout: float) -> LogEntry | None:
        """Return the next entry with a number above the last one, or ``None`` after ``timeout``."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


class Broker(Protocol):
    """A place where ends are opened."""

    def publisher(self) -> Publisher:
        """Open an end for sending."""

    def subscription(self, queue: str, *, prefetch: int = 16) -> Subscription:
        """Open an end for receiving from ``queue``, which the topology has declared."""

    def log_writer(self) -> LogWriter:
        """Open the writing end of the log."""

    def log_reader(self, after_number: int) -> LogReader:
        """Open a reading end that gives the entries after ``after_number``."""

    def close(self) -> None:
        """Close every end still open."""


class Unroutable(Unavailable):
    """No queue is bound for the routing key; it may be once the topology has been declared."""

    code = "unroutable"


class Refused(Forbidden):
    """The broker does not let this user write that routing key."""

    code = "broker_refused"
