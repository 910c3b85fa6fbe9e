"""Whether each raising of the arm had its right in the lane's file before it."""

import json
from collections.abc import Callable
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.simulator.barrier import Barrier

_RIGHTS = (
    "SELECT number, kind, body FROM entries WHERE number > ? AND kind IN "
    "('passage_authorised', 'passage_returned', 'override_given', 'override_ended') ORDER BY number"
)


class Openings:
    """Asked at the instant before the arm's coil goes on, from a connection of its own.

    An arm that is not down is raised again without a right, to keep it off a vehicle; the emergency
    button needs none. ``wrong`` says when the arm was raised from below without one.
    """

    def __init__(self, path: Path, barrier: Barrier, now: Callable[[], float]) -> None:
        self._connection = sqlite.connect(path)
        self._barrier = barrier
        self._now = now
        self._read_to = 0
        self._emergency = False
        self._unused: dict[str, str] = {}
        self._seen: set[str] = set()
        self.wrong: list[str] = []
        self.rightful = 0

    def check(self) -> None:
        self._read()
        if self._unused:
            used = next(iter(self._unused))
            del self._unused[used]
            self.rightful += 1
        elif self._barrier.position <= 0 and not self._emergency:
            self.wrong.append(f"opened without right at {self._now():.2f}")

    def look(self, *, seen: bool) -> None:
        """Follow the emergency button: it holds until it is out and reset was seen pressed."""
        buttons = self._barrier.buttons
        reset = seen and buttons["reset"]
        self._emergency = buttons["emergency"] or (self._emergency and not reset)

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> None:
        for number, kind, body in self._connection.execute(_RIGHTS, (self._read_to,)).fetchall():
            self._read_to = number
            said = json.loads(body)
            if kind == "passage_authorised":
                self._give(said["authorisation"]["id"], kind)
            elif kind == "override_given":
                self._give(said["override"]["id"], kind)
            else:
                self._unused.pop(said.get("authorisation_id") or said.get("override_id"), None)

    def _give(self, right: str, kind: str) -> None:
        if right in self._seen:
            self.wrong.append(f"{right} was given twice")
        self._seen.add(right)
        self._unused[right] = kind
