"""What a lane's file must hold afterwards: every opening with all that led to it, before it."""

import json
from collections import Counter
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from benchmarks.lane.cards import IN_VEHICLE

_ENTRIES = "SELECT kind, passage_id, body FROM entries ORDER BY number"
NEEDED = Counter(passage_opened=1, plate_seen=1, card_seen=IN_VEHICLE, passage_decided=1)


def openings(record: Path) -> tuple[int, list[str]]:
    """Return how often the lane's file says that the arm went up, and what is wrong with it."""
    led_to: dict[str, Counter[str]] = {}
    verdicts: dict[str, str] = {}
    is_open, waiting, opened, wrong = False, 0, 0, list[str]()
    for kind, passage, body in _entries(record):
        if kind == "passage_decided":
            verdicts[passage] = json.loads(body)["decision"]["verdict"]
        if kind == "passage_authorised":
            waiting += 1
            lacking = sorted(NEEDED - led_to.get(passage, Counter()))
            if lacking or verdicts.get(passage) != "clear":
                wrong.append(f"{record.name}: let through without {lacking or 'a clear verdict'}")
        if kind == "passage_returned":
            waiting -= 1  # an authorisation that ended unused
        if kind == "outputs_driven":
            was_open, is_open = is_open, json.loads(body)["outputs"]["open"]
            if is_open and not was_open:
                opened, waiting = opened + 1, waiting - 1
                if waiting != 0:
                    wrong.append(f"{record.name}: an opening without an authorisation of its own")
                    waiting = 0
        if passage:
            led_to.setdefault(passage, Counter())[kind] += 1
    return opened, wrong


def _entries(record: Path) -> list[tuple[str, str, str]]:
    connection = sqlite.connect(f"file:{record}?mode=ro", uri=True)
    try:
        return [tuple(row) for row in connection.execute(_ENTRIES)]
    finally:
        connection.close()
