"""Carry the credential feed to the log: append, wait for the confirm, go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from structlog import get_logger

from shared.errors import Unavailable
from shared.messaging.broker import Broker, LogEntry, LogWriter

log = get_logger(__name__)

BATCH = 200
IDLE = 1.0  # seconds between looks when no notice of a commit came
PAUSE_WHEN_AWAY = 1.0  # seconds before the broker or the database is asked again


class FeedLog(Protocol):
    """Where the entries come from, and what is noted of them."""

    def lead(self) -> bool:
        """Tell whether this worker is the one that appends now."""

    def wait(self, timeout: float) -> None:
        """Return when an entry may have been added."""

    def pending(self, limit: int) -> Sequence[LogEntry]:
        """Return the entries that the log does not have yet, in order."""

    def confirmed(self, number: int) -> None:
        """Note that the log has everything up to ``number``."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, kw_only=True)
class FeedRelay:
    """The log's one writer."""

    broker: Broker
    open_log: Callable[[], FeedLog]

    def __call__(self, stop: Event) -> None:
        """Append until ``stop`` is set; outlive the broker and the database being away."""
        writer = self.broker.log_writer()
        try:
            while not stop.is_set():
                source = self.open_log()
                try:
                    self._follow(source, writer, stop)
                except Unavailable as error:
                    log.warning("feed_waits", error=str(error))
                    stop.wait(PAUSE_WHEN_AWAY)
                finally:
                    source.close()
        finally:
            writer.close()

    def _follow(self, source: FeedLog, writer: LogWriter, stop: Event) -> None:
        while not stop.is_set():
            if not source.lead():
                stop.wait(IDLE)
            elif not append_some(source, writer):
                source.wait(IDLE)


def append_some(source: FeedLog, writer: LogWriter) -> int:
    """Append a batch in order and note what was confirmed; return how many."""
    entries = source.pending(BATCH)
    done = 0
    try:
        for entry in entries:
            writer.append(entry.number, entry.data)
            done = entry.number
    finally:
        if done:
            source.confirmed(done)
    return len(entries)
