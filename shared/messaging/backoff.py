"""How long to wait before a lost connection is tried again."""

import random
import time

FIRST_SECONDS = 0.05
"""A broker that only dropped the connection is back at once."""
LONGEST_SECONDS = 5.0
"""A broker that is down for an hour is still found soon after it is up again."""


class Backoff:
    """Pauses that double, with jitter so that hundreds of processes do not come back together."""

    def __init__(self, *, longest: float = LONGEST_SECONDS) -> None:
        self._longest = longest
        self._pause = FIRST_SECONDS
        self._not_before = 0.0

    def next(self) -> float:
        """Return the seconds to wait now: between half of the pause and all of it."""
        pause, self._pause = self._pause, min(self._pause * 2, self._longest)
        return pause * random.uniform(0.5, 1)  # noqa: S311 - no secret

    def hold(self) -> None:
        """Sleep what is left of the last pause, the first time not at all, and begin another."""
        time.sleep(max(0.0, self._not_before - time.monotonic()))
        self._not_before = time.monotonic() + self.next()

    def reset(self) -> None:
        """Begin with the short pause again: an attempt went well."""
        self._pause = FIRST_SECONDS
