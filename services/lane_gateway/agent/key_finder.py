"""Looks for chips' keys in a thread of its own: opening a sealed record takes milliseconds."""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from uuid import UUID

from structlog import get_logger

from shared.errors import TrustlaneError

log = get_logger(__name__)

Find = Callable[[UUID], bytes | None]
"""Returns the key of a card, ``None`` where this site has none; may take its time."""
CLOSE_WITHIN = 2.0
"""Seconds: one record is opened in a few milliseconds, on a slow disk in some tenths of them."""


class KeyFinder:
    """The port ``ChipKeys`` before a store that may be slow."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._wanted: SimpleQueue[UUID | None] = SimpleQueue()
        self._found: SimpleQueue[tuple[UUID, bytes | None]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def ask(self, credential_id: UUID) -> None:
        """Begin to look for the key of a card; never waits."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="chip-keys", daemon=True)
            self._thread.start()
        self._wanted.put(credential_id)

    def take(self) -> Sequence[tuple[UUID, bytes | None]]:
        """Return the keys found since the last call; ``None`` for a card that has none here."""
        found: list[tuple[UUID, bytes | None]] = []
        while True:
            try:
                found.append(self._found.get_nowait())
            except Empty:
                return found

    def close(self) -> None:
        """Stop looking; safe to call twice."""
        if self._thread is not None:
            self._wanted.put(None)
            self._thread.join(CLOSE_WITHIN)
            self._thread = None

    def _run(self) -> None:
        while (credential_id := self._wanted.get()) is not None:
            self._found.put((credential_id, self._key_of(credential_id)))

    def _key_of(self, credential_id: UUID) -> bytes | None:
        try:
            return self._find(credential_id)
        except TrustlaneError as error:
            # No key is no proof: the card is referred, and the log says why.
            log.warning("chip_key_unread", credential_id=str(credential_id), code=error.code)
            return None
