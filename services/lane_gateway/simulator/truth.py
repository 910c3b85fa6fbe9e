"""What really happened in the simulated world, to compare with what a lane recorded."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

Line = Mapping[str, object]


class TruthLog:
    """Numbered lines, kept in memory and, where a path is given, as JSON lines in a file."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path
        self._now = now
        self._lines: list[Line] = []
        self._lock = threading.Lock()

    def note(self, lane: str, what: str, **more: object) -> None:
        """Add a line about ``lane``."""
        with self._lock:
            line = {
                "number": len(self._lines) + 1,
                "at": self._now().isoformat(),
                "lane": lane,
                "what": what,
                **more,
            }
            self._lines.append(line)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")

    def after(self, number: int) -> list[Line]:
        """Return the lines with a higher number."""
        with self._lock:
            return self._lines[max(0, number) :]
