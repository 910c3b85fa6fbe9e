"""Alarms of the lanes and of the desk, with who has looked at them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.lane_gateway.persistence.desk_tables import acknowledgements, mailboxes
from services.lane_gateway.persistence.lane_tables import entries
from services.lane_gateway.persistence.queries_files import ReadOnlyFiles
from services.lane_gateway.use_cases.reads import AlarmRow
from shared.errors import NotFound

RAISED = "alarm_raised"
MESSAGE = "lane_gateway.alarm_raised.v1"
MOST = 500  # alarms of one file; more than anybody reads, so the newest count


class AlarmQueries:
    """Reads alarms where they were raised: a lane's entries, or the desk's outgoing messages."""

    def __init__(self, files: ReadOnlyFiles) -> None:
        self._files = files

    def since(self, lanes: Sequence[str], since: datetime) -> list[AlarmRow]:
        """Return the alarms raised since a time, newest first."""
        rows = [row for row in self._all(lanes) if row.at >= since]
        return sorted(self._seen(rows), key=lambda row: (row.at, str(row.alarm_id)), reverse=True)

    def one(self, lanes: Sequence[str], alarm_id: UUID) -> AlarmRow:
        """Return one alarm, or raise ``NotFound``."""
        rows = [row for row in self._all(lanes, alarm_id) if row.alarm_id == alarm_id]
        if not rows:
            raise NotFound(f"No alarm {alarm_id}")
        return next(self._seen(rows))

    def _all(self, lanes: Sequence[str], alarm_id: UUID | None = None) -> Iterator[AlarmRow]:
        yield from self._of_desk()
        for lane in lanes:
            yield from self._of_lane(lane, alarm_id)

    def _of_lane(self, lane: str, alarm_id: UUID | None) -> Iterator[AlarmRow]:
        chosen = select(entries).where(entries.c.kind == RAISED)
        if alarm_id is not None:
            said = func.json_extract(entries.c.body, "$.alarm_id")
            chosen = chosen.where(said == str(alarm_id))
        newest = chosen.order_by(entries.c.number.desc()).limit(MOST)
        for row in self._files.lane(lane, newest):
            body = json.loads(row["body"])
            yield _alarm(body, at=row["at"])

    def _of_desk(self) -> Iterator[AlarmRow]:
        """Return what the desk has raised: it keeps an alarm nowhere but in its message."""
        outbox = mailboxes.outbox
        chosen = select(outbox.c.body, outbox.c.at).where(outbox.c.type == MESSAGE)
        for row in self._files.desk(chosen.order_by(outbox.c.number.desc()).limit(MOST)):
            yield _alarm(row["body"], at=row["at"])

    def _seen(self, rows: Iterable[AlarmRow]) -> Iterator[AlarmRow]:
        known = list(rows)
        wanted = acknowledgements.c.alarm_id.in_([row.alarm_id for row in known])
        seen = {
            row["alarm_id"]: row for row in self._files.desk(select(acknowledgements).where(wanted))
        }
        for row in known:
            by = seen.get(row.alarm_id)
            yield (
                replace(row, acknowledged_by=by["officer"], acknowledged_at=by["at"]) if by else row
            )


def _alarm(body: Mapping[str, Any], *, at: datetime) -> AlarmRow:
    passage = body.get("passage_id")
    return AlarmRow(
        alarm_id=UUID(body["alarm_id"]),
        lane=body["lane"] or "",
        code=body["code"],
        at=at,
        passage_id=UUID(passage) if passage else None,
    )
