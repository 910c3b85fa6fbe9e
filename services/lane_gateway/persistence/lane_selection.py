"""Where a lane's draws stand, read from its own record when its agent starts."""

import json
from datetime import UTC, datetime
from typing import Any

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.selection import (
    CARRIED_FOR,
    DrawTaken,
    SelectionPeriod,
    SelectionStanding,
)
from services.lane_gateway.persistence.site_seal import SiteSeal

COMMITTED = "selection_committed"
REVEALED = "selection_revealed"
DRAWN = "vehicle_drawn"
CARRIED = "selection_carried"
PASSED = "passed"
_TIME = "%Y-%m-%d %H:%M:%S.%f"  # as the record writes instants
_NEWEST = "SELECT number, body FROM entries WHERE kind = ? ORDER BY number DESC LIMIT 1"
_HIGHEST = (
    "SELECT max(json_extract(body, '$.number')) FROM entries WHERE kind = ? AND number > ? "
    "AND json_extract(body, '$.period') = ?"
)
_LATE = "SELECT passage_id, body FROM entries WHERE kind = ? AND at > ? ORDER BY number"
_OF_PASSAGE = (
    "SELECT kind, body FROM entries WHERE passage_id = ? AND kind IN ('card_seen', 'passage_ended')"
)


def selection_standing(
    connection: sqlite.Connection, *, seal: SiteSeal, now: datetime
) -> SelectionStanding:
    """Return the running period, its highest number, and who was selected and not inspected.

    A period whose seed was forgotten, because the lane stood still for longer than sealed words
    are kept, is not running any more and stays unrevealed.
    """
    uninspected = _uninspected(connection, now)
    committed = connection.execute(_NEWEST, (COMMITTED,)).fetchone()
    revealed = connection.execute(_NEWEST, (REVEALED,)).fetchone()
    if committed is None or (revealed is not None and revealed[0] > committed[0]):
        return SelectionStanding(uninspected=uninspected)
    body = json.loads(committed[1])
    if body["secret"] is None:
        return SelectionStanding(uninspected=uninspected)
    period = SelectionPeriod(
        lane=body["lane"],
        period=body["period"],
        ppm=body["ppm"],
        version=body["version"],
        seed=bytes.fromhex(seal.open(body["secret"], COMMITTED)),
    )
    values = (DRAWN, committed[0], period.period)
    (highest,) = connection.execute(_HIGHEST, values).fetchone()
    return SelectionStanding(running=period, drawn=int(highest or 0), uninspected=uninspected)


def _uninspected(connection: sqlite.Connection, now: datetime) -> dict[bytes, DrawTaken]:
    since = (now - CARRIED_FOR).astimezone(UTC).strftime(_TIME)
    found: dict[bytes, DrawTaken] = {}
    carried = _late(connection, CARRIED, since)
    for passage, body in (*_late(connection, DRAWN, since), *carried):
        if not body.get("selected", True):
            continue
        rows = connection.execute(_OF_PASSAGE, (passage,)).fetchall()
        entries = [(kind, json.loads(text)) for kind, text in rows]
        ends = [entry["end"] for kind, entry in entries if kind == "passage_ended"]
        draw = DrawTaken(period=body["period"], number=body["number"])
        cards = [bytes.fromhex(entry["epc"]) for kind, entry in entries if kind == "card_seen"]
        if PASSED in ends:
            found = {epc: kept for epc, kept in found.items() if kept != draw}
        else:
            found |= dict.fromkeys(cards, draw)
    return found


def _late(connection: sqlite.Connection, kind: str, since: str) -> list[tuple[str, dict[str, Any]]]:
    rows = connection.execute(_LATE, (kind, since)).fetchall()
    return [(passage, json.loads(body)) for passage, body in rows]
