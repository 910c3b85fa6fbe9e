"""Programs that we start: each in a session of its own, tethered to this process.

A terminal's Ctrl-C reaches only us, who order the stop; a kill -9 of us takes the children along.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STOP_PATIENCE = 8.0
"""Seconds to end in good order: gunicorn gets 2, the slowest worker 5."""
KILL_PATIENCE = 10.0
"""Seconds for the kernel to take a killed process away; more means a disk that hangs."""
TAIL_LINES = 20

_TETHER = Path(__file__).with_name("tether.py")
_SPAWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
"""The tether is to the thread that forks, so that thread lives as long as this process."""

Process = subprocess.Popen[bytes]


def tethered(
    command: Sequence[str], *, death_signal: signal.Signals = signal.SIGTERM, owner: str = "self"
) -> list[str]:
    """Return the command line that runs ``command`` on a tether to this process."""
    head = [sys.executable, "-I", "-S", str(_TETHER)]
    return [*head, str(os.getpid()), str(int(death_signal)), owner, *command]


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    owner: str = "self",
) -> Process:
    """Start ``command``; what it says goes to the end of ``log``."""
    line = tethered(command, death_signal=death_signal, owner=owner)
    log.parent.mkdir(parents=True, exist_ok=True)

    def start() -> Process:
        with log.open("ab") as out:
            return subprocess.Popen(
                line,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
            )

    return _SPAWNER.submit(start).result()


def end(
    process: Process,
    *,
    ask: signal.Signals = signal.SIGTERM,
    patience: float = STOP_PATIENCE,
) -> None:
    """Ask the program to stop, then make it, together with whatever it started in its session."""
    if process.poll() is None:
        process.send_signal(ask)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
    finally:
        _kill_group(process.pid)
        process.wait(KILL_PATIENCE)


def kill(process: Process) -> None:
    """Kill the program alone, as a fault would, and return once it is dead.

    Raise ``ProcessLookupError`` when it was dead before: a test that kills nothing shows nothing.
    """
    if process.poll() is not None:
        msg = f"process {process.pid} had ended before (status {process.returncode})"
        raise ProcessLookupError(msg)
    process.kill()
    process.wait(KILL_PATIENCE)


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def children_of(pid: int) -> list[int]:
    """Return the ids of the processes that ``pid`` started and that still exist."""
    entries = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(int(entry.name) for entry in entries if _parent(entry) == pid)


def _parent(entry: Path) -> int | None:
    try:
        after_name = (entry / "stat").read_text(errors="replace").rpartition(")")[2]
    except OSError:
        return None
    return int(after_name.split()[1])


def alive(pid: int) -> bool:
    """Tell whether the process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def wait_gone(pids: Sequence[int], *, patience: float = KILL_PATIENCE) -> list[int]:
    """Wait until none of the processes runs; return those that still do."""
    deadline = time.monotonic() + patience
    left = [pid for pid in pids if alive(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [pid for pid in left if alive(pid)]
    return left


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, for the message that says what went wrong."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
