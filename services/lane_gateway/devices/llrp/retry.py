"""When to try a reader again after a session that failed."""

from collections.abc import Callable
from random import uniform

from services.lane_gateway.use_cases.ports import ReaderBusy, ReaderRefused

QUICK_SECONDS = (0.5, 1.0)
"""For a reader that is away or lost: it must be back at work within 2 s of its return. Spread, so
that the lanes of a port do not all knock at once when the power is back."""
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

    def failed(self, error: Exception) -> float:
        """Return how many seconds to wait after ``error``."""
        if not isinstance(error, ReaderBusy | ReaderRefused):
            self._backoff = FIRST_BACKOFF_SECONDS
            return self._draw(*QUICK_SECONDS)
        pause = self._backoff
        self._backoff = min(2 * self._backoff, MAX_BACKOFF_SECONDS)
        return min(self._draw(pause * (1 - SPREAD), pause * (1 + SPREAD)), MAX_BACKOFF_SECONDS)

    def succeeded(self) -> None:
        """Forget past failures."""
        self._backoff = FIRST_BACKOFF_SECONDS
