"""When to try a reader again after a session that failed."""

from collections.abc import Callable
from random import uniform

from services.lane_gateway.use_cases.ports import ReaderBusy, ReaderRefused

QUICK_SECONDS = (0.5, 1.0)
"""From one try to the next for a reader that is away or lost: it must be back at work within 2 s of
its return, and a try that goes into the dark takes one of them. Spread, so that the lanes of a port
do not all knock at once when the power is back."""
LEAST_SECONDS = 0.1
"""Between the end of a try and the next, however long it took."""
GHOST_TRIES = 60
"""A reader whose cable was out serves the session that we gave up until its own host gives it up,
too: the client that it names is most likely ourselves. So many tries, some 45 s, are as quick as
those for a reader that is away."""
FIRST_BACKOFF_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 10.0
"""For a reader that serves another client or does not speak our language: asking more often helps
nobody, and some readers stop answering when they are hammered."""
SPREAD = 0.2


class RetryPolicy:
    """Gives the pause before the next try; one object for each reader."""

    def __init__(self, draw: Callable[[float, float], float] = uniform) -> None:
        self._draw = draw
        self._backoff = FIRST_BACKOFF_SECONDS
        self._ghost_tries = 0

    def failed(self, error: Exception, spent: float = 0.0) -> float:
        """Return how many seconds to wait after ``error``, which took ``spent`` seconds to come."""
        if not isinstance(error, ReaderBusy | ReaderRefused):
            self._backoff = FIRST_BACKOFF_SECONDS
            return max(LEAST_SECONDS, self._draw(*QUICK_SECONDS) - spent)
        if isinstance(error, ReaderBusy) and self._ghost_tries > 0:
            self._ghost_tries -= 1
            return max(LEAST_SECONDS, self._draw(*QUICK_SECONDS) - spent)
        pause = self._backoff
        self._backoff = min(2 * self._backoff, MAX_BACKOFF_SECONDS)
        return min(self._draw(pause * (1 - SPREAD), pause * (1 + SPREAD)), MAX_BACKOFF_SECONDS)

    def succeeded(self) -> None:
        """Forget past failures; there is a session of ours that the reader may go on serving."""
        self._backoff = FIRST_BACKOFF_SECONDS
        self._ghost_tries = GHOST_TRIES
