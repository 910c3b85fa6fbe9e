"""Carry the outbox to the broker: publish, wait for the confirm, then mark as published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Protocol
from uuid import UUID

from structlog import get_logger

from shared.errors import Forbidden, Unavailable
from shared.messaging.broker import Broker, Publisher, Unroutable
from shared.messaging.envelope import Envelope, to_wire

log = get_logger(__name__)

BATCH = 50
PAUSE_WHEN_AWAY = 1.0  # seconds before the broker or the database is asked again


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A row of an outbox that is not published yet."""

    number: int
    id: UUID
    type: str
    subject: str
    sequence: int | None
    version: int | None
    site: str | None
    request_id: str
    at: datetime
    body: dict[str, object] = field(repr=False)


class Outbox(Protocol):
    """Where the relay finds what to publish."""

    def lead(self) -> bool:
        """Tell whether this relay is the one that publishes now; others stand by."""

    def wait(self, timeout: float) -> None:
        """Return when something may have been added, at the latest after ``timeout`` seconds."""

    def pending(self, limit: int) -> Sequence[Pending]:
        """Return unpublished rows in the order of their numbers."""

    def confirmed(self, numbers: Sequence[int]) -> None:
        """Mark rows as published."""

    def put_off(self, number: int) -> None:
        """Leave a row for later, since no queue takes it now."""

    def close(self) -> None:
        """Let go of connections."""


class Relay:
    """Publishes one outbox, in its order, by one relay at a time."""

    def __init__(
        self, *, broker: Broker, open_outbox: Callable[[], Outbox], source: str, idle: float = 1.0
    ) -> None:
        self._broker = broker
        self._open_outbox = open_outbox
        self._source = source
        self._idle = idle

    def run(self, stop: Event) -> None:
        """Publish until ``stop`` is set; outlive the broker and the database being away."""
        publisher = self._broker.publisher()
        try:
            while not stop.is_set():
                outbox = self._open_outbox()
                try:
                    self._run(outbox, publisher, stop)
                except Unavailable as error:
                    log.warning("relay_waits", error=str(error))
                    stop.wait(PAUSE_WHEN_AWAY)
                finally:
                    outbox.close()
        finally:
            publisher.close()

    def _run(self, outbox: Outbox, publisher: Publisher, stop: Event) -> None:
        while not stop.is_set():
            if not outbox.lead():
                stop.wait(self._idle)
            elif self.publish_some(outbox, publisher) == 0:
                outbox.wait(self._idle)

    def publish_some(self, outbox: Outbox, publisher: Publisher) -> int:
        """Publish a batch and mark what was confirmed, also on errors; return how many went out."""
        done: list[int] = []
        rows = outbox.pending(BATCH)
        try:
            for row in rows:
                if self._publish(row, publisher):
                    done.append(row.number)
                else:
                    outbox.put_off(row.number)
        finally:
            if done:
                outbox.confirmed(done)
        return len(done)

    def _publish(self, row: Pending, publisher: Publisher) -> bool:
        envelope = Envelope(
            id=row.id,
            type=row.type,
            source=self._source,
            subject=row.subject,
            time=row.at,
            request_id=row.request_id,
            body=row.body,
            sequence=row.sequence,
            version=row.version,
            site=row.site,
        )
        try:
            publisher.publish(to_wire(envelope))
        except (Unroutable, Forbidden) as error:
            # Nobody may or wants to hear it: an alarm, and the others go on.
            log.warning("message_not_taken", type=row.type, message=str(row.id), code=error.code)
            return False
        return True
