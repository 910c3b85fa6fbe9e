"""Passages as the lanes' records have them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.lane_gateway.persistence.entry_json import SEALED
from services.lane_gateway.persistence.lane_tables import entries
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from services.lane_gateway.persistence.site_seal import MARK, SiteSeal
from services.lane_gateway.use_cases.reads import (
    PassagePage,
    PassageRecord,
    PassageRow,
    PassagesSought,
    RecordEntry,
)
from shared.errors import NotFound

ENDED = "passage_ended"
DECIDED = "passage_decided"
TIMES = ("read", "shown", "decided", "gate")
CARDS = frozenset({"epc", "credential_id", "credential_ids"})
CODE = re.compile(r"[a-z_]*")
MOST_ENTRIES = 1000  # a passage has some dozens; a lane that runs wild must not fill our memory


class PassageQueries:
    """Reads the passages out of the lanes' entries."""

    def __init__(self, files: ReadOnlyFiles, seal: SiteSeal) -> None:
        self._files = files
        self._seal = seal

    def page(self, lanes: Sequence[str], sought: PassagesSought, *, limit: int) -> PassagePage:
        """Return the newest passages of ``lanes`` below where ``sought`` begins.

        Every lane counts its own entries, so a place in the merged list is a number per lane. Only
        between lanes does the clock decide: one that was set back neither hides nor repeats any.
        """
        by_lane = [self._newest(lane, sought, limit + 1) for lane in lanes]
        merged = merge(*by_lane, key=lambda row: (row.ended_at, row.lane), reverse=True)
        found = list(islice(merged, limit + 1))
        rows = found[:limit]
        if len(found) <= limit:
            return PassagePage(rows=rows, older=None)
        return PassagePage(rows=rows, older=_below(rows, sought.before))

    def record(self, lanes: Sequence[str], passage_id: UUID, *, opened: bool) -> PassageRecord:
        """Return all entries of one passage, or raise ``NotFound``."""
        mine = select(entries).where(entries.c.passage_id == str(passage_id))
        for lane in lanes:
            rows = self._files.lane(lane, mine.order_by(entries.c.number).limit(MOST_ENTRIES))
            if rows:
                return self._record(lane, passage_id, rows, opened=opened)
        raise NotFound(f"No passage {passage_id}")

    def _record(
        self, lane: str, passage_id: UUID, rows: Sequence[Mapping[str, Any]], *, opened: bool
    ) -> PassageRecord:
        ended = [row for row in rows if row["kind"] == ENDED]
        row = _passage(lane, ended[-1]) if ended else None
        return PassageRecord(
            passage_id=passage_id,
            lane=lane,
            row=row,
            credential_ids=row.credential_ids if row else _decided_cards(rows),
            entries=[self._entry(each, opened=opened) for each in rows],
        )

    def _newest(self, lane: str, sought: PassagesSought, limit: int) -> Iterator[PassageRow]:
        chosen: Select[Any] = select(entries).where(entries.c.kind == ENDED)
        for name in ("verdict", "end"):
            wanted = getattr(sought, name)
            if wanted is not None:
                said = func.json_extract(entries.c.body, f"$.{name}")
                chosen = chosen.where(said == wanted)
        if lane in sought.before:
            chosen = chosen.where(entries.c.number < sought.before[lane])
        newest = chosen.order_by(entries.c.number.desc()).limit(limit)
        for row in self._files.lane(lane, newest):
            yield _passage(lane, row)

    def _entry(self, row: Mapping[str, Any], *, opened: bool) -> RecordEntry:
        body = json.loads(row["body"])
        return RecordEntry(
            number=row["number"],
            kind=row["kind"],
            at=row["at"],
            device_time=row["device_time"],
            body=self._opened(body, row["kind"]) if opened else _closed(body),
        )

    def _opened(self, value: Any, place: str) -> Any:
        if isinstance(value, dict):
            return {name: self._opened(each, place) for name, each in value.items()}
        if isinstance(value, list):
            return [self._opened(each, place) for each in value]
        sealed = isinstance(value, str) and value.startswith(MARK)
        return self._seal.open(value, place) if sealed else value


def _closed(value: Any) -> Any:
    """Leave out what is sealed, officers' words, and cards' numbers, which lead to a person."""
    if isinstance(value, dict):
        return {name: _closed(each) for name, each in value.items() if not _is_personal(name, each)}
    return [_closed(each) for each in value] if isinstance(value, list) else value


def _is_personal(name: str, value: object) -> bool:
    if name == "why":  # a code of ours, or what an officer said on turning a vehicle back
        return isinstance(value, str) and CODE.fullmatch(value) is None
    return name in SEALED or name in CARDS


def _passage(lane: str, row: Mapping[str, Any]) -> PassageRow:
    body = json.loads(row["body"])
    return PassageRow(
        number=row["number"],
        passage_id=UUID(body["passage_id"]),
        lane=lane,
        end=body["end"],
        verdict=body["verdict"],
        reasons=tuple(body["reasons"]),
        authorisation=body["authorisation_kind"],
        officer=body["officer"],
        counted=body["counted"],
        credential_ids=tuple(UUID(each) for each in body["credential_ids"]),
        times={name: _instant(body["times"][name]) for name in TIMES},
        list_number=body["list_number"],
        list_age_s=body["list_age"],
        ended_at=row["at"],
    )


def _decided_cards(rows: Sequence[Mapping[str, Any]]) -> tuple[UUID, ...]:
    """Return the known cards of the newest decision, for a passage that is not over."""
    bodies = [json.loads(row["body"]) for row in rows if row["kind"] == DECIDED]
    cards = bodies[-1]["decision"]["cards"] if bodies else []
    return tuple(UUID(card["credential_id"]) for card in cards if card["credential_id"])


def _below(rows: Sequence[PassageRow], before: Mapping[str, int]) -> Mapping[str, int]:
    """Return where the next page begins in each lane: below the last row shown of it."""
    return {**before, **{row.lane: row.number for row in rows}}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
