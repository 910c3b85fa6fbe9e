"""Plates, officers' words and challenges in a lane's record, taken out once their time is over.

An index that holds only entries with something sealed leads to them, so that a file of many years
is not read through while a lane waits.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.domain.retention import CHIP_CHALLENGES, LANE_WORDS
from services.lane_gateway.persistence.lane_tables import HOLDS_CHALLENGE, HOLDS_SEALED
from services.lane_gateway.persistence.site_seal import MARK

EVENT = "words_forgotten"
_OLD = "SELECT number, passage_id, body FROM entries WHERE at < ? AND {} ORDER BY at LIMIT ?"
_OF = {
    LANE_WORDS: _OLD.format(HOLDS_SEALED),
    CHIP_CHALLENGES: _OLD.format(HOLDS_CHALLENGE),
}
_EMPTY = "UPDATE entries SET body = ? WHERE number = ?"
_encode = json.JSONEncoder(separators=(",", ":")).encode


def empty_old_words(
    connection: sqlite.Connection, *, lane: str, before: str, limit: int, kind: str = LANE_WORDS
) -> Sequence[dict[str, str]]:
    """Replace what is sealed in up to ``limit`` old entries by null; return lines for the audit.

    ``before`` is a time as the file writes it, ``kind`` the retention's. Each line has the digest
    of what is left of its entry, as the line of its first writing had of the whole.
    """
    lines = []
    rows = connection.execute(_OF[kind], (before, limit)).fetchall()
    for number, passage, body in rows:
        left = _encode(_without_sealed(json.loads(body)))
        connection.execute(_EMPTY, (left, number))
        digest = hashlib.sha256(left.encode()).hexdigest()
        lines.append({"digest": digest, "event": EVENT, "subject": passage or lane})
    return lines


def _without_sealed(value: Any) -> Any:
    match value:
        case str() if value.startswith(MARK):
            return None
        case dict():
            return {name: _without_sealed(item) for name, item in value.items()}
        case list():
            return [_without_sealed(item) for item in value]
        case _:
            return value
