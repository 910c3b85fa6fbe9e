"""Submissions offered open-loop: the next one goes out in time, whatever became of the last."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.faults.applicants import CONSENT, Applicant

ANSWER_PATIENCE = 20.0
"""Seconds: longer than the service's own limits, so that the service gives up first."""
SENDERS = 400
"""Threads: as many as 20 a second can have open in ``ANSWER_PATIENCE``."""


class Fate(Enum):
    """What a sender knows of a submission."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    UNAVAILABLE = "answered 503"
    LOST = "lost with the connection"
    WRONG = "answered wrongly"


@dataclass(eq=False, kw_only=True)
class Attempt:
    """One submission; times are of ``time.monotonic``, ``due`` is when it should have gone out."""

    applicant: Applicant
    due: float
    begun: float | None = None
    ended: float | None = None
    fate: Fate = Fate.OPEN
    answer: str = ""

    @property
    def seconds(self) -> float:
        """How long the applicant waited, counted from the instant that was planned."""
        return 0.0 if self.ended is None else self.ended - self.due


def send(url: str, attempt: Attempt) -> None:
    """Send the submission once and note what became of it; never raise."""
    parts = urlsplit(url)
    attempt.begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", parts.port, timeout=ANSWER_PATIENCE)
    headers = attempt.applicant.headers | {"Host": parts.netloc}
    try:
        connection.request("POST", attempt.applicant.path, CONSENT, headers)
        answer = connection.getresponse()
        body = answer.read()
        attempt.fate = _fate_of(answer.status)
        if attempt.fate is Fate.WRONG:
            attempt.answer = f"{answer.status} {body[:400]!r}"
    except (OSError, HTTPException) as error:
        attempt.fate = Fate.LOST
        attempt.answer = type(error).__name__
    finally:
        attempt.ended = time.monotonic()
        connection.close()


def _fate_of(status: int) -> Fate:
    if 200 <= status < 300:
        return Fate.ACKNOWLEDGED
    return Fate.UNAVAILABLE if status == 503 else Fate.WRONG


class OpenLoop:
    """Sends for the applicants that ``next_one`` gives, ``rate`` a second, until stopped."""

    def __init__(self, url: str, next_one: Callable[[], Applicant | None], rate: float) -> None:
        self._url = url
        self._next_one = next_one
        self._rate = rate
        self._stop = Event()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="applicant")
        self._thread = Thread(target=self._run, name="open loop")
        self.attempts: list[Attempt] = []
        self.missed = 0
        """Instants at which nobody waited to be sent."""

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending, and wait for the answers still to come; safe to call twice."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._senders.shutdown()

    def open_at(self, instant: float) -> list[Attempt]:
        """Return the submissions that were on their way at ``instant`` and still are."""
        return [
            attempt
            for attempt in self.attempts[-SENDERS:]
            if attempt.fate is Fate.OPEN and attempt.begun is not None and attempt.begun < instant
        ]

    def _run(self) -> None:
        begun = time.monotonic()
        number = 0
        while not self._stop.is_set():
            due = begun + number / self._rate
            number += 1
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            applicant = self._next_one()
            if applicant is None:
                self.missed += 1
                continue
            attempt = Attempt(applicant=applicant, due=due)
            self.attempts.append(attempt)
            self._senders.submit(send, self._url, attempt)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else 0.0
