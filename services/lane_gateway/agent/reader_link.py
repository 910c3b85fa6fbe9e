"""The reader as the control thread sees it: opened in a thread of its own, used in ours.

Opening a session takes seconds with a reader that is slow or away; the gate cannot wait for that.
So a helper thread opens, and hands the open session over; from then on only the control thread
touches it.
"""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from services.lane_gateway.devices.llrp.retry import RetryPolicy
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.use_cases.ports import (
    ReaderBusy,
    ReaderEvent,
    ReaderInfo,
    ReaderLost,
    ReaderRefused,
    TagReader,
)

OPEN_WITHIN = 10.0
"""Seconds for one session: the limit for a reader's first word is 5 s, set-up comes on top."""

Failure = ReaderBusy | ReaderRefused | ReaderLost


class ReaderLink:
    """Keeps the reader's single session; ``wake`` is called from the helper thread."""

    def __init__(
        self,
        reader: TagReader,
        *,
        monotonic: Callable[[], float],
        wake: Callable[[], None],
        retry: RetryPolicy | None = None,
    ) -> None:
        self._reader = reader
        self._monotonic = monotonic
        self._wake = wake
        self._retry = retry or RetryPolicy()
        self._opened: SimpleQueue[ReaderInfo | Failure] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._try_at = self._tried_at = 0.0
        self.info: ReaderInfo | None = None
        self.failure: str | None = None

    @property
    def live(self) -> bool:
        """Tell whether there is a session."""
        return self.info is not None

    def fileno(self) -> int:
        """Return the socket to wait on, -1 while there is no session."""
        return self._reader.fileno() if self.live else -1

    def pending(self) -> bool:
        """Tell whether ``poll`` has work that the socket will not announce."""
        return self.live and self._reader.pending()

    def poll(self) -> Sequence[TagRead | ReaderEvent]:
        """Return what came, without waiting; opens the session when it is time to."""
        if not self.live:
            self._keep_opening()
        if not self.live:
            return []
        try:
            return self._reader.poll(0.0)
        except (ReaderBusy, ReaderRefused, ReaderLost) as error:
            self._lose(error)
            return []

    def close(self) -> None:
        """End the session, and wait for the helper thread if there is one."""
        if self._thread is not None:
            self._thread.join(OPEN_WITHIN)
            self._thread = None
        self.info = None
        self._reader.close()

    def _keep_opening(self) -> None:
        if self._thread is None:
            if self._monotonic() >= self._try_at:
                self._tried_at = self._monotonic()
                self._thread = threading.Thread(target=self._open, name="reader", daemon=True)
                self._thread.start()
            return
        try:
            opened = self._opened.get_nowait()
        except Empty:
            return
        self._thread.join()
        self._thread = None
        if isinstance(opened, ReaderInfo):
            self.info, self.failure = opened, None
            self._retry.succeeded()
        else:
            self._lose(opened, spent=self._monotonic() - self._tried_at)

    def _open(self) -> None:
        try:
            self._opened.put(self._reader.open(self._monotonic() + OPEN_WITHIN))
        except (ReaderBusy, ReaderRefused, ReaderLost) as error:
            self._opened.put(error)
        self._wake()

    def _lose(self, error: Failure, *, spent: float = 0.0) -> None:
        self.info = None
        self.failure = error.code
        self._try_at = self._monotonic() + self._retry.failed(error, spent)
