"""What became of every submission, as both services' databases tell it."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from tests.faults.headquarters import Headquarters
from tests.faults.load import Attempt, Fate, send

STALL_PATIENCE = 90.0
"""Seconds without any progress: a message that met several faults rests up to 64 s."""
REPEAT_PATIENCE = 60.0
SENDERS = 4
LEFT = {
    "enrollment": "SELECT count(*) FROM applications WHERE status <> 'draft' AND case_id IS NULL",
    "vetting": "SELECT 0",
}
WAITING = (
    "SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)"
    " + (SELECT count(*) FROM postponed)"
)


@dataclass(frozen=True, kw_only=True)
class Books:
    """The state of both services once everything has arrived."""

    submitted: frozenset[UUID]
    cases: Counter[UUID]
    announced: Counter[str]
    dead: Sequence[str]

    @property
    def doubled(self) -> list[UUID]:
        """Applications with more than one case."""
        return [application for application, number in self.cases.items() if number > 1]


def drained(headquarters: Headquarters) -> None:
    """Return once nothing is under way any more; fail when it does not get less for too long."""
    least = sum(dict(_left(headquarters)).values())
    deadline = time.monotonic() + STALL_PATIENCE
    while left := {name: number for name, number in _left(headquarters) if number}:
        if sum(left.values()) < least:
            least = sum(left.values())
            deadline = time.monotonic() + STALL_PATIENCE
        assert time.monotonic() < deadline, f"still under way: {left}"
        time.sleep(0.2)


def read_books(headquarters: Headquarters) -> Books:
    """Read what the services hold."""
    with headquarters.look("enrollment") as connection:
        sent = connection.execute("SELECT id FROM applications WHERE status <> 'draft'").fetchall()
        dead = connection.execute("SELECT code, type FROM dead_letters").fetchall()
    with headquarters.look("vetting") as connection:
        cases = connection.execute("SELECT application_id FROM cases").fetchall()
        told = connection.execute(
            "SELECT body ->> 'application_id' FROM outbox WHERE type = 'vetting.case_opened.v1'"
        ).fetchall()
        dead += connection.execute("SELECT code, type FROM dead_letters").fetchall()
    return Books(
        submitted=frozenset(row[0] for row in sent),
        cases=Counter(row[0] for row in cases),
        announced=Counter(row[0] for row in told),
        dead=[" ".join(map(str, row)) for row in dead],
    )


def sent_again(url: str, attempts: Sequence[Attempt]) -> list[Attempt]:
    """Send what was not acknowledged once more, with the same key, until each has its answer."""
    with ThreadPoolExecutor(SENDERS) as senders:
        return list(senders.map(lambda attempt: _until_answered(url, attempt), attempts))


def repeats(logs: Path) -> list[str]:
    """Return the messages that an inbox turned away because they had been applied before."""
    lines = [line for line in _lines(logs) if line.get("event") == "message_repeated"]
    return [str(line["message"]) for line in lines]


def complaints(logs: Path) -> list[str]:
    """Return the lines of level error, for whoever wonders why an answer was wrong."""
    return [json.dumps(line) for line in _lines(logs) if line.get("level") == "error"]


def _until_answered(url: str, before: Attempt) -> Attempt:
    deadline = time.monotonic() + REPEAT_PATIENCE
    while True:
        attempt = Attempt(applicant=before.applicant, due=time.monotonic())
        send(url, attempt)
        if attempt.fate not in {Fate.UNAVAILABLE, Fate.LOST} or time.monotonic() > deadline:
            return attempt
        time.sleep(0.2)


def _left(headquarters: Headquarters) -> Iterator[tuple[str, int]]:
    for service, query in LEFT.items():
        with headquarters.look(service) as connection:
            yield f"{service}: waiting messages", _number(connection, WAITING)
            yield f"{service}: applications without a case", _number(connection, query)


def _number(connection: psycopg.Connection[tuple[int, ...]], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else 0


def _lines(logs: Path) -> Iterator[dict[str, object]]:
    for log in sorted(logs.glob("*.log")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                found = json.loads(line)
            except ValueError:
                continue  # cut off by a kill
            if isinstance(found, dict):
                yield found
