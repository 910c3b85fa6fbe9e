"""Submissions a second over HTTP, each with sealing, audit and outbox in one durable commit.

Real processes on a PostgreSQL and a RabbitMQ of their own; each applicant has a complete draft and
a session, and presses the button once. Measured twice: web and database alone, which gives the
processor time that a submission costs, and with relay, broker and vetting at work behind them on
the same machine, which is held against the bar.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import urlsplit

from deploy.local.children import children_of
from deploy.local.paths import RUN
from tests.faults.applicants import CONSENT, Applicant, WaitingRoom
from tests.faults.fates import drained
from tests.faults.headquarters import Headquarters

BAR = 25.0
"""Submissions a second on two cores."""
RUNS = 5
SECONDS = 6.0
BROWSERS = 8
"""Requests under way at a time."""
MOST = 150
"""Submissions a second that applicants are prepared for: far above what two cores can do."""
WARM_UP = 50
SYNCS = 200
PAGE = b"\0" * 8192
TICKS = os.sysconf("SC_CLK_TCK")
BEHIND = ("enrollment-relay", "enrollment-rest", "vetting-consumer", "vetting-rest")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One measurement; ``waits`` are seconds from request to answer."""

    seconds: float
    waits: Sequence[float]
    web_cpu: float
    database_cpu: float

    @property
    def rate(self) -> float:
        """Return the submissions a second."""
        return len(self.waits) / self.seconds

    @property
    def web_ms(self) -> float:
        """Return the processor time of the web process for one submission, in milliseconds."""
        return self.web_cpu * 1000 / len(self.waits)

    @property
    def database_ms(self) -> float:
        """Return the processor time of the database server for one submission."""
        return self.database_cpu * 1000 / len(self.waits)


def main() -> int:
    print(f"load average before: {_load()}")
    with _running() as (headquarters, room):
        print(f"fdatasync of one page on the database's disk: p50 {_sync_ms():.2f} ms")
        together = _measure(headquarters, room)
        _show("with relay, broker and vetting behind", together)
        _drain(headquarters)
        for name in BEHIND:
            headquarters.supervisor.stop(name)
        alone = _measure(headquarters, room)
        _show("web and database alone", alone)
        web = statistics.median(run.web_ms for run in alone)
        database = statistics.median(run.database_ms for run in alone)
        print(
            f"processor time per submission: {web + database:.1f} ms "
            f"(web {web:.1f}, database {database:.1f})"
        )
    rate = statistics.median(run.rate for run in together)
    print(f"load average after: {_load()}")
    print(f"submissions a second: {rate:.1f} (bar {BAR:.0f})")
    return 0 if rate >= BAR else 1


@contextmanager
def _running() -> Iterator[tuple[Headquarters, WaitingRoom]]:
    parent = RUN / "benchmarks"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=parent, prefix="submissions"))
    headquarters = Headquarters(folder)
    try:
        headquarters.start()
        room = WaitingRoom(headquarters.enrollment_config())
        yield headquarters, room
        room.close()
    finally:
        headquarters.stop()
        rmtree(folder, ignore_errors=True)


def _measure(headquarters: Headquarters, room: WaitingRoom) -> list[Run]:
    room.fill(WARM_UP)
    url = headquarters.layout.url("enrollment")
    _send_all(url, [room.next() for _ in range(WARM_UP)], until=time.monotonic() + SECONDS)
    return [_one_run(headquarters, room) for _ in range(RUNS)]


def _one_run(headquarters: Headquarters, room: WaitingRoom) -> Run:
    amount = int(MOST * SECONDS)
    room.fill(amount)
    applicants = [room.next() for _ in range(amount)]
    before = _web_cpu(headquarters), _database_cpu(headquarters)
    begun = time.monotonic()
    waits = _send_all(headquarters.layout.url("enrollment"), applicants, until=begun + SECONDS)
    seconds = time.monotonic() - begun
    after = _web_cpu(headquarters), _database_cpu(headquarters)
    web, database = (now - then for now, then in zip(after, before, strict=True))
    return Run(seconds=seconds, waits=waits, web_cpu=web, database_cpu=database)


def _send_all(url: str, applicants: Sequence[Applicant | None], *, until: float) -> list[float]:
    """Send from several browsers until the time is up; return what each answer took."""
    waiting = iter([applicant for applicant in applicants if applicant is not None])
    with ThreadPoolExecutor(BROWSERS) as browsers:
        parts = browsers.map(_browse, repeat(url, BROWSERS), repeat(waiting), repeat(until))
        return [wait for part in parts for wait in part]


def _browse(url: str, waiting: Iterator[Applicant], until: float) -> list[float]:
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=30)
    waits = []
    for applicant in waiting:
        begun = time.monotonic()
        headers = applicant.headers | {"Host": urlsplit(url).netloc}
        connection.request("POST", applicant.path, CONSENT, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == HTTPStatus.ACCEPTED, f"answered {answer.status}"
        waits.append(time.monotonic() - begun)
        if time.monotonic() > until:
            break
    connection.close()
    return waits


def _drain(headquarters: Headquarters) -> None:
    """Wait for vetting to open the cases that it is behind with, and say how fast it does."""
    before, begun = _cases(headquarters), time.monotonic()
    drained(headquarters)
    opened, seconds = _cases(headquarters) - before, time.monotonic() - begun
    print(f"vetting opened the {opened} cases that still waited at {opened / seconds:.1f} a second")


def _cases(headquarters: Headquarters) -> int:
    with headquarters.look("vetting") as connection:
        return int(connection.execute("SELECT count(*) FROM cases").fetchall()[0][0])


def _show(what: str, runs: Sequence[Run]) -> None:
    rates = ", ".join(f"{run.rate:.1f}" for run in runs)
    waits = sorted(wait for run in runs for wait in run.waits)
    p50, p99 = (waits[int(part * (len(waits) - 1))] * 1000 for part in (0.5, 0.99))
    print(f"{what}: median {statistics.median(run.rate for run in runs):.1f} a second ({rates})")
    print(f"  {BROWSERS} at a time; answered after p50 {p50:.0f} ms, p99 {p99:.0f} ms")


def _web_cpu(headquarters: Headquarters) -> float:
    master = headquarters.supervisor.pid("enrollment-web")
    return sum(_cpu(pid) for pid in (master, *children_of(master)))


def _database_cpu(headquarters: Headquarters) -> float:
    server = headquarters.postgres.pid
    assert server is not None
    return _cpu(server, reaped=True) + sum(_cpu(pid) for pid in children_of(server))


def _cpu(pid: int, *, reaped: bool = False) -> float:
    """Return the processor seconds of a process, with those of its children that have ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0  # it has just ended, and its parent counts it
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if reaped else 13]) / TICKS


def _sync_ms() -> float:
    path = RUN / "benchmarks" / "sync"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(PAGE)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    path.unlink()
    return statistics.median(taken) * 1000


def _load() -> str:
    return " ".join(f"{part:.2f}" for part in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
