"""Follow the credential feed: every entry once, in order, proved; or else take a snapshot.

The log brings entries as they are made. Where one is missing, the page of entries after our number
is asked for over HTTP. Where no head comes in time, the stream may have been made anew, so the
follower asks over HTTP and subscribes again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Event
from typing import Any, Protocol

from structlog import get_logger

from services.lane_gateway.domain.feed import CredentialChange, FeedHead
from services.lane_gateway.messages.feed_entries import read_entry
from shared.crypto.feed import ChainBroken, FeedMark
from shared.crypto.signing import PublicKeys
from shared.errors import Unavailable
from shared.messaging.broker import Broker, LogReader

log = get_logger(__name__)

READ_TIMEOUT = 1.0  # seconds: how soon a stop is noticed
HEAD_PATIENCE = 75.0  # seconds: heads are signed at least every 30 s, so two were missed
PAUSE_WHEN_AWAY = 1.0
BATCH = 200  # entries applied in one transaction while catching up

Entry = Mapping[str, Any] | bytes


class DoesNotJoin(Exception):  # noqa: N818 - reads as plain words
    """The feed does not continue our list: history was lost, and a new generation is needed."""


class CardList(Protocol):
    """The list that the feed is applied to."""

    def mark(self) -> tuple[int, str]:
        """Return the number and the hash of the last entry applied."""

    def apply(self, changes: Sequence[CredentialChange]) -> None:
        """Apply entries and move the mark in one transaction."""


class FeedFollower:
    """Keeps one site's list abreast of the feed."""

    def __init__(
        self,
        *,
        broker: Broker,
        cards: CardList,
        keys: Callable[[], PublicKeys],
        entries_after: Callable[[int], Sequence[Mapping[str, Any]]],
        on_head: Callable[[FeedHead], None],
        on_applied: Callable[[int], None],
    ) -> None:
        self._broker = broker
        self._cards = cards
        self._keys = keys
        self._entries_after = entries_after
        self._on_head = on_head
        self._on_applied = on_applied

    def run(self, stop: Event) -> None:
        """Follow until ``stop`` is set; outlive the broker and headquarters being away.

        Raise ``DoesNotJoin`` where only a new generation of the list can help.
        """
        while not stop.is_set():
            reader: LogReader | None = None
            try:
                with suppress(Unavailable):  # the log alone may bring us on
                    self.catch_up()
                reader = self._broker.log_reader(self._cards.mark()[0])
                self._follow(reader, stop)
            except Unavailable as error:
                log.warning("feed_waits", error=str(error))
                stop.wait(PAUSE_WHEN_AWAY)
            finally:
                if reader is not None:
                    reader.close()

    def catch_up(self) -> int:
        """Apply what headquarters has after our number; return how many entries that were."""
        applied = 0
        while entries := self._entries_after(self._cards.mark()[0]):
            for start in range(0, len(entries), BATCH):
                try:
                    self.apply(entries[start : start + BATCH])
                except ChainBroken as error:
                    raise DoesNotJoin(str(error)) from error
            applied += len(entries)
        return applied

    def apply(self, entries: Sequence[Entry]) -> None:
        """Apply entries that follow our mark; raise ``ChainBroken`` or ``NotVerified``."""
        number, chain = self._cards.mark()
        mark, changes, heads = FeedMark(number=number, hash=chain), [], []
        for entry in entries:
            mark, change, head = read_entry(entry, mark, self._keys())
            changes.append(change)
            if head is not None:
                heads.append(head)
        self._cards.apply(changes)
        # After the list: a head vouches only for what decisions can see already.
        for head in heads[-1:]:
            self._on_head(head)
        if len(heads) < len(changes):
            self._on_applied(mark.number)

    def _follow(self, reader: LogReader, stop: Event) -> None:
        last_entry = time.monotonic()
        while not stop.is_set():
            entry = reader.read(READ_TIMEOUT)
            if entry is None:
                if time.monotonic() - last_entry > HEAD_PATIENCE:
                    log.error("feed_silent", seconds=HEAD_PATIENCE)
                    return
                continue
            last_entry = time.monotonic()
            if entry.number <= self._cards.mark()[0]:
                continue
            try:
                self.apply([entry.data])
            except ChainBroken as error:
                log.warning("feed_gap", number=entry.number, error=str(error))
                if self.catch_up() == 0:
                    raise DoesNotJoin(str(error)) from error
