"""What a process had in flight, and the random instants at which that is looked at."""

import os
import random
import signal
import time
from collections.abc import Callable, Collection, Sequence
from typing import Self
from uuid import UUID

from deploy.local import children
from tests.faults.headquarters import Headquarters, Look

LONGEST_WAIT = 1.5
"""Seconds of work between two kills; the instant within them is drawn."""
SHORT_WAIT = 0.1
"""Seconds at most until the next look at a victim that had nothing in flight."""
SEARCH_PATIENCE = 60.0
"""Seconds of looking for an instant with work in flight; most looks find one at 20 a second."""
SETTLE = 0.02
"""Seconds for what a stopped process had sent to arrive, so that it does not count as in flight."""
RECOVERED = 10.0
"""Seconds for the database to notice that the owner of a transaction is dead."""
WORKING = (
    "SELECT backend_xid::text, pid FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
    " AND application_name ~ %s"
)
"""Transactions that have written something, of the processes whose names fit."""


class NothingInFlight(AssertionError):  # noqa: N818 - reads as plain words
    """A victim was idle whenever we looked, so that killing it would show nothing."""


class Search:
    """Draws instants until one is found that has work in flight."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def __enter__(self) -> Self:
        self._deadline = time.monotonic() + SEARCH_PATIENCE
        time.sleep(self._chance.uniform(0, LONGEST_WAIT))
        return self

    def __exit__(self, *_error: object) -> None:
        """The search is over."""

    def go_on(self) -> None:
        """Let the victim work until another random instant."""
        self.look_again()
        time.sleep(self._chance.uniform(0, SHORT_WAIT))

    def look_again(self) -> None:
        """Raise ``NothingInFlight`` when there was nothing for too long."""
        if time.monotonic() > self._deadline:
            raise NothingInFlight


def working(connection: Look, names: str) -> list[str]:
    """Return the transactions that have written something, of processes whose names fit."""
    return [row[0] for row in connection.execute(WORKING, [names])]


def working_backends(connection: Look, names: str) -> dict[str, int]:
    """Return the same transactions, each with the process of the server that carries it out."""
    return {row[0]: row[1] for row in connection.execute(WORKING, [names])}


def unconfirmed(headquarters: Headquarters) -> set[UUID]:
    """Return the messages in enrollment's outbox that no relay has marked as published."""
    with headquarters.look("enrollment") as connection:
        rows = connection.execute("SELECT id FROM outbox WHERE published_at IS NULL")
        return {row[0] for row in rows}


def arrived(headquarters: Headquarters, messages: Collection[UUID]) -> set[UUID]:
    """Return those of the messages that vetting has applied."""
    with headquarters.look("vetting") as connection:
        rows = connection.execute("SELECT id FROM inbox WHERE id = ANY(%s)", [list(messages)])
        return {row[0] for row in rows}


def endings(headquarters: Headquarters, database: str, xids: Sequence[str]) -> set[str]:
    """Return what became of transactions, after those of a dead process have ended.

    One that is ``unknown`` had not even reached the log.
    """
    known = "SELECT CASE WHEN x::xid8 < pg_snapshot_xmax(pg_current_snapshot())"
    query = f"{known} THEN pg_xact_status(x::xid8) ELSE 'unknown' END FROM unnest(%s::text[]) AS x"
    with headquarters.look(database) as connection:
        deadline = time.monotonic() + RECOVERED
        while True:
            found = {row[0] for row in connection.execute(query.encode(), [list(xids)])}
            if "in progress" not in found or time.monotonic() > deadline:
                return found
            time.sleep(0.01)


def stopped_with_rows(pid: int, headquarters: Headquarters) -> set[UUID]:
    """Stop a process and return the unconfirmed messages that stay so while it stands still."""
    send_group(pid, signal.SIGSTOP)
    before = unconfirmed(headquarters)
    time.sleep(SETTLE)
    return unconfirmed(headquarters) & before if before else before


def send_group(pid: int, sign: signal.Signals) -> None:
    """Send a signal to a program and all that it started: each has a session of its own."""
    os.killpg(pid, sign)


def kill_program(headquarters: Headquarters, program: str) -> list[int]:
    """Kill a program with all that it started; return the processes, which are gone."""
    pid = headquarters.supervisor.pid(program)
    pids = [pid, *children.children_of(pid)]
    headquarters.supervisor.kill9(program)
    assert_gone(pids)
    return pids


def assert_gone(pids: Sequence[int]) -> None:
    """Wait for the processes to be gone; fail when one is not."""
    left = children.wait_gone(pids)
    assert not left, f"processes {left} survived"


def start_again(headquarters: Headquarters, program: str) -> float:
    """Start a program again; return the seconds until everything was ready."""
    begun = time.monotonic()
    headquarters.supervisor.again(program)
    headquarters.wait_ready()
    return time.monotonic() - begun


def soon(condition: Callable[[], bool], *, patience: float = 5.0) -> bool:
    """Wait a moment for it to become so, and tell whether it did."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
