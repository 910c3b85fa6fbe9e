"""How long to wait before a lost connection is tried again."""

import random

FIRST_SECONDS = 0.05
"""A broker that only dropped the connection is back at once."""
LONGEST_SECONDS = 5.0
"""A broker that is down for an hour is still found soon after it is up again."""


class Backoff:
    """Pauses that double, with jitter so that hundreds of processes do not come back together."""

    def __init__(self) -> None:
        self._pause = FIRST_SECONDS

    def next(self) -> float:
        """Return the seconds to wait now: between half of the pause and all of it."""
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_SECONDS)
        return pause * random.uniform(0.5, 1)  # noqa: S311 - no secret

    def reset(self) -> None:
        """Begin with the short pause again: an attempt went well."""
        self._pause = FIRST_SECONDS
