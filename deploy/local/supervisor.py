"""Keeps a set of programs running together, and leaves none behind.

No shell and no helper process per child. A program that ends takes the whole set down, since a
demo with a part missing misleads; a fault test tells the supervisor first (``expect_end``).
"""

import signal
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import children

READY_POLL = 0.1
PROBE_PATIENCE = 2.0
"""Seconds for one answer: a process that is busy starting may accept and not answer yet."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program of the set."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: str | None = None
    """An address that answers 200 once the program is ready, or ``tcp://localhost:PORT`` that takes
    connections then; ``None``: ready when started."""
    stop_patience: float = children.STOP_PATIENCE


class NotReady(Exception):  # noqa: N818 - reads as plain words
    """A program did not become ready in time, or ended before."""


class Supervisor:
    """Starts programs in the order given and stops them in the opposite one."""

    def __init__(self, *, logs: Path, cwd: Path) -> None:
        self._logs = logs
        self._cwd = cwd
        self._programs: dict[str, Program] = {}
        self._running: dict[str, children.Process] = {}
        self._may_end: set[str] = set()

    def start(self, program: Program) -> None:
        """Start ``program``; its output goes to ``<name>.log``."""
        if self.runs(program.name):
            msg = f"{program.name} runs already"
            raise RuntimeError(msg)
        self._programs[program.name] = program
        self._may_end.discard(program.name)
        self._running[program.name] = children.spawn(
            program.command,
            log=self.log(program.name),
            env=program.environment,
            cwd=self._cwd,
        )

    def again(self, name: str) -> None:
        """Start a program anew that was stopped or killed."""
        self.start(self._programs[name])

    def log(self, name: str) -> Path:
        """Return where a program's output goes."""
        return self._logs / f"{name}.log"

    def pid(self, name: str) -> int:
        """Return a program's process id."""
        return self._running[name].pid

    def runs(self, name: str) -> bool:
        """Tell whether the program runs."""
        process = self._running.get(name)
        return process is not None and process.poll() is None

    def ended(self) -> list[str]:
        """Return the programs that ended without being expected to."""
        return [
            name
            for name, process in self._running.items()
            if name not in self._may_end and process.poll() is not None
        ]

    def wait_ready(self, *, patience: float) -> None:
        """Wait until every program is ready, or raise ``NotReady`` with the ends of their logs."""
        deadline = time.monotonic() + patience
        waiting = [program for program in self._programs.values() if program.ready is not None]
        while waiting:
            waiting = [program for program in waiting if not answers(program.ready or "")]
            ended = self.ended()
            if ended or (waiting and time.monotonic() > deadline):
                names = ended or [program.name for program in waiting]
                raise NotReady(self._why(names, "ended" if ended else "not ready"))
            if waiting:
                time.sleep(READY_POLL)

    def expect_end(self, name: str) -> None:
        """Say that a program's end is wanted, so that it does not count as a failure."""
        self._may_end.add(name)

    def kill9(self, name: str) -> None:
        """Kill a program as a fault would and return once it is dead."""
        self.expect_end(name)
        children.kill(self._running[name])
        children.end(self._running[name])

    def signal(self, name: str, sign: signal.Signals) -> None:
        """Send a signal to a program, SIGSTOP for example."""
        self._running[name].send_signal(sign)

    def stop(self, name: str) -> None:
        """Stop one program in good order."""
        self.expect_end(name)
        children.end(self._running[name], patience=self._programs[name].stop_patience)

    def stop_all(self) -> None:
        """Ask all to stop at once, then wait for each, the last started first; safe to repeat."""
        names = list(reversed(self._running))
        for name in names:
            self.expect_end(name)
            if self.runs(name):
                self._running[name].send_signal(signal.SIGCONT)
                self._running[name].terminate()
        for name in names:
            self.stop(name)

    def _why(self, names: Sequence[str], what: str) -> str:
        parts = [f"{what}: {', '.join(names)}"]
        for name in names:
            parts.append(f"--- {self.log(name)} ends:")
            parts.append(children.tail(self.log(name)))
        return "\n".join(parts)


def answers(url: str) -> bool:
    """Tell whether ``url`` answers with status 200, or takes connections if it is a ``tcp://``."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return _listens(parts.hostname or "localhost", parts.port or 0)
    connection = HTTPConnection(parts.hostname or "localhost", parts.port, timeout=PROBE_PATIENCE)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=PROBE_PATIENCE).close()
    except OSError:
        return False
    return True
