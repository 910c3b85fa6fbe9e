"""The records of a port's other lanes, as one lane's agent reads them: from where it stopped."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.sightings import Hearing, Sighting
from services.lane_gateway.use_cases.sighting_ports import Disowned, Elsewhere, Gone

AT_ARM, ENDED = "number_at_arm", "passage_ended"
SEEN, HEARD, DISOWNED = "card_seen", "number_heard", "card_of_next_lane"
KINDS = (AT_ARM, ENDED, SEEN, HEARD, DISOWNED)
FIRST = 200  # cards of the last minutes at one lane, when a lane's agent starts
MOST = 500  # entries of one lane at one look; a look comes every quarter of a second
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as the record writes instants
_NEWS = (
    "SELECT number, kind, passage_id, at, body FROM entries "
    "WHERE kind IN (?, ?, ?, ?, ?) AND number > ? ORDER BY number LIMIT ?"
)
_START = (
    "SELECT min(number) FROM (SELECT number FROM entries WHERE kind = ? "
    "ORDER BY number DESC LIMIT ?)"
)
Told = Sighting | Hearing | Disowned | Gone


class _OneLane:
    """One other lane's file."""

    def __init__(self, lane: str, path: Path) -> None:
        self.lane = lane
        self._path = path
        self._connection: Any = None
        self._last = -1

    def news(self) -> Sequence[Told]:
        """Return what is new; nothing for a lane whose agent never ran. Raise SQLite's errors."""
        if self._connection is None:
            if not self._path.exists():
                return []
            # No waiting: whoever writes at this moment is asked again at the next look.
            self._connection = sqlite.connect(
                f"file:{self._path}?mode=ro", uri=True, timeout=0, isolation_level=None
            )
        if self._last < 0:
            (first,) = self._connection.execute(_START, (AT_ARM, FIRST)).fetchone()
            self._last = (first or 1) - 1
        rows = self._connection.execute(_NEWS, (*KINDS, self._last, MOST)).fetchall()
        self._last = rows[-1][0] if rows else self._last
        return [told for row in rows for told in self._told(*row[1:])]

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _told(self, kind: str, passage: str | None, at: str, text: str) -> Iterator[Told]:
        body, when = json.loads(text), datetime.strptime(at, _TIME).replace(tzinfo=UTC)
        if passage is None:
            return  # a replay, of no vehicle that is here
        number = UUID(passage)
        if kind == ENDED:
            redirected = body["end"] == "passed" and body["authorisation_kind"] == "redirect"
            sent_on = redirected or body["end"] == "turned_back"
            yield Gone(passage_id=number, at=when, sent_on=sent_on)
            return
        epc = bytes.fromhex(body["epc"])
        if kind == DISOWNED:
            yield Disowned(passage_id=number, epc=epc)
            return
        if kind == AT_ARM:
            yield Sighting(lane=self.lane, passage_id=number, epc=epc, at=when)
        yield Hearing(
            lane=self.lane, passage_id=number, epc=epc, since=when, strength=body.get("rssi")
        )


class OtherLaneFiles:
    """The files of all other lanes."""

    def __init__(self, files: dict[str, Path]) -> None:
        self._lanes = [_OneLane(lane, path) for lane, path in files.items()]

    def news(self) -> Elsewhere:
        """Return what came since the last call; a file that cannot be read is named."""
        told: list[Told] = []
        unread: set[str] = set()
        for lane in self._lanes:
            try:
                told += lane.news()
            except sqlite.Error:
                unread.add(lane.lane)
                lane.close()
        return Elsewhere(
            heard=tuple(each for each in told if isinstance(each, Hearing)),
            disowned=tuple(each for each in told if isinstance(each, Disowned)),
            sightings=tuple(each for each in told if isinstance(each, Sighting)),
            gone=tuple(each for each in told if isinstance(each, Gone)),
            unread=frozenset(unread),
        )

    def close(self) -> None:
        """Let go of the files; safe to call twice."""
        for lane in self._lanes:
            lane.close()
