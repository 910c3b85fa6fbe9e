"""Who is killed, and how it is proved that it was at work when it died.

A process is stopped at a random instant, looked at while it stands still, and killed there and then
if it has work in flight; else it goes on until the next instant. The database cannot be asked while
it stands still: it tells of its transactions in one moment, dies in the next, and says after its
recovery which of them it had not finished.
"""

import os
import random
import signal
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, Self
from uuid import UUID

from deploy.local import children
from tests.faults.headquarters import Headquarters
from tests.faults.load import Attempt, Fate, OpenLoop

LONGEST_WAIT = 1.5
"""Seconds of work between two kills; the instant within them is drawn."""
SHORT_WAIT = 0.1
"""Seconds at most until the next look at a victim that had nothing in flight."""
SEARCH_PATIENCE = 60.0
"""Seconds of looking for an instant with work in flight; most looks find one at 20 a second."""
ON_ITS_WAY = 0.2
"""Seconds that a published message takes to its consumer at most, unless that one is busy."""
SETTLE = 0.02
"""Seconds for what a stopped process had sent to arrive, so that it does not count as in flight."""
WORKING = (
    "SELECT backend_xid::text FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
    " AND application_name ~ %s"
)
"""Transactions that have written something, of the processes whose names fit."""
OURS = "^(enrollment|vetting)-"


class NothingInFlight(AssertionError):  # noqa: N818 - reads as plain words
    """A victim was idle whenever we looked, so that killing it would show nothing."""


@dataclass(frozen=True, kw_only=True)
class Death:
    """A kill, and what was in flight then; ``counts`` is whether that was confirmed afterwards."""

    victim: str
    pids: Sequence[int]
    in_flight: str
    counts: bool
    back_after: float


class Victim(Protocol):
    """A process that can be killed at work."""

    @property
    def name(self) -> str: ...

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        """Kill it when it has work in flight, see that it is dead, and bring it back."""


def all_victims(chance: random.Random) -> list[Victim]:
    """Return the five."""
    return [
        Web(chance=chance),
        Relay(chance=chance),
        Consumer(chance=chance),
        Broker(chance=chance),
        Database(chance=chance),
    ]


@dataclass(frozen=True, kw_only=True)
class Web:
    """Dies with requests that it has not answered."""

    chance: random.Random
    name: str = "web"
    program: str = "enrollment-web"

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        pid = headquarters.supervisor.pid(self.program)
        with Search(self.chance) as search:
            while not (cut := self._look(pid, load)):
                _send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = _kill(headquarters, self.program)
        assert len(pids) > 1, "the web server has a worker process"
        counts = _await(lambda: any(attempt.fate is Fate.LOST for attempt in cut))
        back = _restart(headquarters, self.program)
        in_flight = f"{len(cut)} open requests"
        return Death(
            victim=self.name, pids=pids, in_flight=in_flight, counts=counts, back_after=back
        )

    def _look(self, pid: int, load: OpenLoop) -> list[Attempt]:
        instant = time.monotonic()
        _send_group(pid, signal.SIGSTOP)
        time.sleep(SETTLE)
        return load.open_at(instant)


@dataclass(frozen=True, kw_only=True)
class Relay:
    """Dies with rows of the outbox that are not marked as published.

    With ``only_sent`` it dies when one of them has been published already, which its successor
    publishes again.
    """

    chance: random.Random
    name: str = "relay"
    program: str = "enrollment-relay"
    only_sent: bool = False

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        del load
        pid = headquarters.supervisor.pid(self.program)
        with Search(self.chance) as search:
            while True:
                rows = _stopped_with_rows(pid, headquarters)
                sent = bool(rows) and self._are_sent(headquarters, rows)
                if sent or (rows and not self.only_sent):
                    break
                _send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = _kill(headquarters, self.program)
        counts = unconfirmed(headquarters) >= rows
        back = _restart(headquarters, self.program)
        what = f"{len(rows)} unconfirmed rows" + (", one sent already" if sent else "")
        return Death(victim=self.name, pids=pids, in_flight=what, counts=counts, back_after=back)

    def _are_sent(self, headquarters: Headquarters, rows: Collection[UUID]) -> bool:
        return _await(lambda: bool(arrived(headquarters, rows)), patience=ON_ITS_WAY)


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """Dies inside a transaction, and so with a message that it has not acknowledged."""

    chance: random.Random
    name: str = "consumer"
    program: str = "vetting-consumer"

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        del load
        pid = headquarters.supervisor.pid(self.program)
        with Search(self.chance) as search:
            while not (xids := self._look(pid, headquarters)):
                _send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = _kill(headquarters, self.program)
        ends = endings(headquarters, "vetting", xids)
        back = _restart(headquarters, self.program)
        return Death(
            victim=self.name,
            pids=pids,
            in_flight=f"a message whose transaction was {' and '.join(sorted(ends))}",
            counts=ends <= {"aborted", "committed"},
            back_after=back,
        )

    def _look(self, pid: int, headquarters: Headquarters) -> list[str]:
        _send_group(pid, signal.SIGSTOP)
        with headquarters.look("vetting") as connection:
            return [row[0] for row in connection.execute(WORKING, [self.program])]


@dataclass(frozen=True, kw_only=True)
class Broker:
    """Dies with messages that the relay has published and that it has not confirmed."""

    chance: random.Random
    name: str = "broker"

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        del load
        server = headquarters.rabbitmq
        pid = server.pid
        assert pid is not None, "it did not run"
        with Search(self.chance) as search:
            while not (rows := _stopped_with_rows(pid, headquarters)):
                _send_group(pid, signal.SIGCONT)
                search.go_on()
        server.kill9()
        _assert_gone([pid])
        assert not server.answers(), "something still listens on the broker's port"
        counts = bool(unconfirmed(headquarters) & rows)
        begun = time.monotonic()
        server.start()
        headquarters.wait_ready()
        return Death(
            victim=self.name,
            pids=[pid],
            in_flight=f"{len(rows)} unconfirmed messages",
            counts=counts,
            back_after=time.monotonic() - begun,
        )


@dataclass(frozen=True, kw_only=True)
class Database:
    """Dies with transactions in progress; after the recovery it knows them as not committed."""

    chance: random.Random
    name: str = "database"

    def kill(self, headquarters: Headquarters, load: OpenLoop) -> Death:
        del load
        server = headquarters.postgres
        pid = server.pid
        assert pid is not None, "it did not run"
        with headquarters.look("postgres") as connection, Search(self.chance) as search:
            while not (xids := [row[0] for row in connection.execute(WORKING, [OURS])]):
                search.look_again()
            server.kill9()  # and its backends, whose death it checks
        _assert_gone([pid])
        assert not server.answers(), "something still answers at the database's socket"
        begun = time.monotonic()
        server.start()
        lost = endings(headquarters, "postgres", xids) - {"committed"}
        headquarters.wait_ready()
        return Death(
            victim=self.name,
            pids=[pid],
            in_flight=f"{len(xids)} open transactions",
            counts=bool(lost),
            back_after=time.monotonic() - begun,
        )


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
        deadline = time.monotonic() + 10
        while True:
            found = {row[0] for row in connection.execute(query.encode(), [list(xids)])}
            if "in progress" not in found or time.monotonic() > deadline:
                return found
            time.sleep(0.01)


def _stopped_with_rows(pid: int, headquarters: Headquarters) -> set[UUID]:
    """Stop a process and return the unconfirmed messages that stay so while it stands still."""
    _send_group(pid, signal.SIGSTOP)
    before = unconfirmed(headquarters)
    time.sleep(SETTLE)
    return unconfirmed(headquarters) & before if before else before


def _send_group(pid: int, sign: signal.Signals) -> None:
    """Send a signal to a program and all that it started: each has a session of its own."""
    os.killpg(pid, sign)


def _kill(headquarters: Headquarters, program: str) -> list[int]:
    pid = headquarters.supervisor.pid(program)
    pids = [pid, *children.children_of(pid)]
    headquarters.supervisor.kill9(program)
    _assert_gone(pids)
    return pids


def _assert_gone(pids: Sequence[int]) -> None:
    left = children.wait_gone(pids)
    assert not left, f"processes {left} survived"


def _restart(headquarters: Headquarters, program: str) -> float:
    begun = time.monotonic()
    headquarters.supervisor.again(program)
    headquarters.wait_ready()
    return time.monotonic() - begun


def _await(condition: "Condition", *, patience: float = 5.0) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class Condition(Protocol):
    """Something that becomes true."""

    def __call__(self) -> bool: ...
