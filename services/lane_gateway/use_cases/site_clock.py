"""The host's two clocks: the wall's, which may jump, and the monotonic one, which may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SiteTime:
    """One moment by both clocks; ``monotonic`` counts within the boot named by ``boot_id``."""

    wall: datetime
    monotonic: float
    boot_id: str


SiteClock = Callable[[], SiteTime]
