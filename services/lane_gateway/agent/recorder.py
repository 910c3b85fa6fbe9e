"""Collects what happened in one turn of the loop and writes it in one commit."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.lane_gateway.domain.events import Entry
from services.lane_gateway.use_cases.ports import LaneRecord, RecordLost
from shared.clock import Clock
from shared.events import Event

TRY_AGAIN_AFTER = 1.0
"""Seconds between two tries to write while the record is lost: each may hold up the scan."""
MOST_KEPT = 50_000
"""Entries kept while the record is lost, some hours of a busy lane; beyond, the oldest go."""


@dataclass(kw_only=True)
class Recorder:
    """The lane's record as the control thread sees it; ``ok`` tells whether it takes entries."""

    record: LaneRecord
    wall: Clock
    monotonic: Callable[[], float]
    ok: bool = True
    lost: int = 0
    """Entries that were dropped because the record stayed lost too long."""
    _waiting: deque[Entry] = field(default_factory=deque)
    _try_at: float = 0.0

    def note(self, event: Event, *, device_time: datetime | None = None) -> None:
        """Remember an event for the next commit."""
        entry = Entry(
            event=event,
            at=self.wall(),
            monotonic=self.monotonic(),
            device_time=device_time,
        )
        self._waiting.append(entry)
        if len(self._waiting) > MOST_KEPT:
            self._waiting.popleft()
            self.lost += 1

    def note_all(self, events: Iterable[Event]) -> None:
        """Remember several events."""
        for event in events:
            self.note(event)

    def flush(self) -> bool:
        """Write what is remembered durably; tell whether all of it is written."""
        if not self._waiting:
            return self.ok
        if not self.ok and self.monotonic() < self._try_at:
            return False
        try:
            self.record.append(list(self._waiting))
        except RecordLost:
            self._lose()
            return False
        self._waiting.clear()
        self.ok = True
        return True

    def tidy(self) -> None:
        """Let the record do its upkeep; one that cannot is lost until it takes entries again."""
        try:
            self.record.tidy()
        except RecordLost:
            self._lose()

    def _lose(self) -> None:
        self.ok = False
        self._try_at = self.monotonic() + TRY_AGAIN_AFTER
