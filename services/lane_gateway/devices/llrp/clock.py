"""What a reader's clock is worth: readers live in 1970, count from their start, and jump."""

from services.lane_gateway.devices.llrp.settings import IN_STEP_SECONDS, MAX_REPORT_AGE_SECONDS

JUMP_SECONDS = 10.0
"""When reports stay equally old for this long, the clock has jumped and not the reports lagged: a
backlog grows or shrinks."""
_MICROSECONDS = 1_000_000


class ReaderClock:
    """Compares the reader's clock with the host's, and judges reports while they are in step."""

    def __init__(self) -> None:
        self.offset: float | None = None
        """Reader's clock minus the host's in seconds; ``None`` while there is nothing to go by."""
        self._stale_since: tuple[float, float] | None = None

    def measure(self, microseconds: int, wall: float) -> None:
        """Take the reader's time, in microseconds since 1970, as it arrives at ``wall``."""
        self.offset = microseconds / _MICROSECONDS - wall
        self._stale_since = None

    @property
    def in_step(self) -> bool:
        """Whether the reader's clock says something about the age of its reports."""
        return self.offset is not None and abs(self.offset) <= IN_STEP_SECONDS

    def is_stale(self, last_seen: int | None, wall: float) -> bool:
        """Tell whether a report is too old to stand for a car that is there now."""
        if last_seen is None or self.offset is None or not self.in_step:
            return False
        age = wall + self.offset - last_seen / _MICROSECONDS
        if age <= MAX_REPORT_AGE_SECONDS:
            self._stale_since = None
            return False
        self._notice_jump(age, wall)
        return self.in_step

    def _notice_jump(self, age: float, wall: float) -> None:
        if self._stale_since is None or abs(self._stale_since[1] - age) > IN_STEP_SECONDS:
            self._stale_since = (wall, age)
        elif wall - self._stale_since[0] >= JUMP_SECONDS and self.offset is not None:
            self.offset -= age
            self._stale_since = None
