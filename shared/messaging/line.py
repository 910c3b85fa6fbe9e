"""A connection in a thread of its own, which comes back after a loss and does what it is asked.

Heartbeats go on while a handler works, since no work of a caller runs in that thread.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Any, Generic, Protocol, TypeVar

from structlog import get_logger

from shared.errors import TrustlaneError, Unavailable
from shared.messaging.backoff import Backoff

log = get_logger(__name__)

CONNECTED_SECONDS = 2
"""How long a call waits for a connection that is being made before it says ``Unavailable``."""
ANSWER_SECONDS = 5
"""A confirm takes milliseconds; a worker's stop must not wait longer for a quorum that is lost."""
CLOSE_SECONDS = 6
"""The thread may be inside a call: that, and the goodbye."""
WAKE_SECONDS = 1
"""How often the thread of an idle connection looks whether it shall stop; orders wake it."""


class Link(Protocol):
    """One connection while it lasts, used by its thread alone, except for ``wake``."""

    def process(self, seconds: float) -> None:
        """Take in what comes, for ``seconds`` or until woken; raise when the connection is lost."""

    def wake(self) -> None:
        """Make ``process`` return; called by other threads; never raises."""

    def close(self) -> None:
        """Say goodbye; never raises."""


def _unheard(_trouble: str = "") -> None:
    """Tell nobody."""


T = TypeVar("T")
L = TypeVar("L", bound=Link)


class Line(Generic[L]):
    """Opens one link after the other, numbered from 1.

    ``said`` puts a failure into words that may be logged; ``lost`` and ``restored`` are told.
    """

    def __init__(
        self,
        open_link: Callable[[int], L],
        *,
        said: Callable[[Exception], str],
        lost: Callable[[str], None] = _unheard,
        restored: Callable[[], None] = _unheard,
    ) -> None:
        self._open_link = open_link
        self._said = said
        self._tell_lost = lost
        self._tell_restored = restored
        self._jobs: deque[tuple[int | None, Callable[[L], None]]] = deque()
        self._link: L | None = None
        self._up = Event()
        self._stop = Event()
        self._trouble = "the broker has not answered yet"
        self.generation = 0
        self._thread = Thread(target=self._run, name="broker line", daemon=True)

    def start(self) -> None:
        """Begin to connect, without waiting for it."""
        self._thread.start()

    def call(self, work: Callable[[L], T]) -> T:
        """Return what ``work`` returns, done in the thread; or raise ``Unavailable``.

        An error of our own tree passes through and leaves the link as it is; any other ends it.
        """
        deadline = time.monotonic() + ANSWER_SECONDS
        if self._stop.is_set() or not self._up.wait(CONNECTED_SECONDS):
            raise Unavailable(self._trouble)
        future: Future[T] = Future()
        self.post(lambda link: _settle(future, work, link))
        try:
            return future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            future.cancel()
            raise Unavailable("the broker did not confirm in time") from None
        except TrustlaneError:
            raise
        except Exception as error:  # noqa: BLE001 - of the library's: the link has ended
            raise Unavailable(self._said(error)) from None

    def post(self, job: Callable[[L], None], *, generation: int | None = None) -> None:
        """Have ``job`` done in the thread, in the order of the calls.

        With a ``generation`` it is done on the link of that number or not at all.
        """
        self._jobs.append((generation, job))
        link = self._link
        if link is not None:
            link.wake()

    def close(self) -> None:
        """Do what was posted, say goodbye, and wait for the thread; safe to call twice."""
        self._stop.set()
        self.post(_nothing)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        backoff = Backoff()
        while not self._stop.is_set():
            try:
                self._serve(backoff)
            except Exception as error:  # noqa: BLE001 - a thread that died could not tell
                self._trouble = self._said(error)
                self._tell_lost(self._trouble)
                log.warning("broker_lost", reason=self._trouble)
                self._stop.wait(backoff.next())

    def _serve(self, backoff: Backoff) -> None:
        self.generation += 1
        link = self._open_link(self.generation)
        try:
            self._link = link
            backoff.reset()
            self._tell_restored()
            self._up.set()
            self._work(link)
        finally:
            self._up.clear()
            self._link = None
            link.close()

    def _work(self, link: L) -> None:
        stopping = False
        while not stopping:
            stopping = self._stop.is_set()
            link.process(0 if stopping else WAKE_SECONDS)
            while self._jobs:
                generation, job = self._jobs.popleft()
                if generation in {None, self.generation}:
                    job(link)


def _settle(future: "Future[T]", work: Callable[[L], T], link: L) -> None:
    if not future.set_running_or_notify_cancel():
        return  # the caller has given up
    try:
        future.set_result(work(link))
    except TrustlaneError as error:
        future.set_exception(error)
    except Exception as error:
        future.set_exception(error)
        raise


def _nothing(_link: Any) -> None:
    """Wake the thread, which then sees that it shall stop."""
