"""The gate's module as the control thread sees it: opened again and again while it is lost."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from services.lane_gateway.domain.signals import SHUT, LaneInputs, LaneOutputs
from services.lane_gateway.use_cases.ports import IOInfo, IOLost, LaneIO

OPEN_WITHIN = 1.0
"""Seconds for one try: the control thread waits for it, and nothing can open meanwhile."""
TRY_AGAIN_AFTER = 0.5
"""Seconds between two tries after one that failed; the first one after a loss is made at once."""
OUTPUT_TTL = 0.5
"""Seconds after which outputs that nobody renews lapse: ten scans."""
RENEW_AFTER = 0.2
"""Seconds between two writes of outputs that stay as they are."""


@dataclass(kw_only=True)
class IOLink:
    """Wraps ``LaneIO``; every method tells by its answer whether the module is lost."""

    io: LaneIO
    monotonic: Callable[[], float]
    is_open: bool = False
    _try_at: float = 0.0
    _written_at: float = 0.0
    _heard_at: float = 0.0
    """When the module's watchdog last had a sign of life from us."""

    def try_open(self) -> IOInfo | None:
        """Open the module if it is time to; ``None`` where it is still lost."""
        now = self.monotonic()
        if now < self._try_at:
            return None
        try:
            info = self.io.open(now + OPEN_WITHIN)
        except IOLost:
            self._try_at = self.monotonic() + TRY_AGAIN_AFTER
            return None
        self.is_open = True
        self._heard_at = self.monotonic()
        return info

    def scan(self) -> LaneInputs | None:
        """Read the inputs, ``None`` where the module is lost."""
        try:
            return self.io.scan()
        except IOLost:
            self._lose()
            return None

    def write(self, outputs: LaneOutputs) -> bool:
        """Set the outputs and read them back; tell whether they stand as written.

        Where we were held up, the module may have let go of the arm, or will at once: the arm is
        not raised then, and the module counts as lost until it was opened and read anew (R7).
        """
        if not self.is_open:
            return False
        if outputs.open and self.monotonic() - self._heard_at > OUTPUT_TTL:
            self._lose()
            return False
        try:
            self.io.write(outputs, math.inf if outputs == SHUT else OUTPUT_TTL)
        except IOLost:
            self._lose()
            return False
        self._written_at = self.monotonic()
        return True

    def renew(self, outputs: LaneOutputs) -> bool:
        """Write outputs that would lapse once more, when it is time to."""
        if outputs == SHUT or self.monotonic() - self._written_at < RENEW_AFTER:
            return True
        return self.write(outputs)

    def beat(self) -> bool:
        """Tell the module's watchdog that a full scan was made (R7)."""
        try:
            self.io.heartbeat()
        except IOLost:
            self._lose()
            return False
        self._heard_at = self.monotonic()
        return True

    def close(self) -> None:
        """Let go of the module; its watchdog then lets go of the arm."""
        self.io.close()
        self.is_open = False

    def _lose(self) -> None:
        self.is_open = False
        self._try_at = 0.0
