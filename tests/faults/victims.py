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
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tests.faults.evidence import (
    SETTLE,
    Search,
    arrived,
    assert_gone,
    endings,
    kill_program,
    send_group,
    soon,
    start_again,
    stopped_with_rows,
    unconfirmed,
    working,
    working_backends,
)
from tests.faults.headquarters import Headquarters
from tests.faults.load import Attempt, Fate, OpenLoop

ON_ITS_WAY = 0.2
"""Seconds that a published message takes to its consumer at most, unless that one is busy."""
OURS = "^(enrollment|vetting)-"


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
                send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = kill_program(headquarters, self.program)
        assert len(pids) > 1, "the web server has a worker process"
        counts = soon(lambda: any(attempt.fate is Fate.LOST for attempt in cut))
        back = start_again(headquarters, self.program)
        in_flight = f"{len(cut)} open requests"
        return Death(
            victim=self.name, pids=pids, in_flight=in_flight, counts=counts, back_after=back
        )

    def _look(self, pid: int, load: OpenLoop) -> list[Attempt]:
        instant = time.monotonic()
        send_group(pid, signal.SIGSTOP)
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
                rows = stopped_with_rows(pid, headquarters)
                sent = bool(rows) and self._are_sent(headquarters, rows)
                if sent or (rows and not self.only_sent):
                    break
                send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = kill_program(headquarters, self.program)
        counts = unconfirmed(headquarters) >= rows
        back = start_again(headquarters, self.program)
        what = f"{len(rows)} unconfirmed rows" + (", one sent already" if sent else "")
        return Death(victim=self.name, pids=pids, in_flight=what, counts=counts, back_after=back)

    def _are_sent(self, headquarters: Headquarters, rows: Collection[UUID]) -> bool:
        return soon(lambda: bool(arrived(headquarters, rows)), patience=ON_ITS_WAY)


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
                send_group(pid, signal.SIGCONT)
                search.go_on()
        pids = kill_program(headquarters, self.program)
        ends = endings(headquarters, "vetting", xids)
        back = start_again(headquarters, self.program)
        return Death(
            victim=self.name,
            pids=pids,
            in_flight=f"a message whose transaction was {' and '.join(sorted(ends))}",
            counts=ends <= {"aborted", "committed"},
            back_after=back,
        )

    def _look(self, pid: int, headquarters: Headquarters) -> list[str]:
        send_group(pid, signal.SIGSTOP)
        with headquarters.look("vetting") as connection:
            return working(connection, self.program)


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
            while not (rows := stopped_with_rows(pid, headquarters)):
                send_group(pid, signal.SIGCONT)
                search.go_on()
        server.kill9()
        assert_gone([pid])
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
            while not (seen := working_backends(connection, OURS)):
                search.look_again()
            for backend in seen.values():  # before they get on to their commit
                with suppress(ProcessLookupError):
                    os.kill(backend, signal.SIGSTOP)
            xids = list(seen)
            server.kill9()  # and its backends, whose death it checks
        assert_gone([pid])
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
