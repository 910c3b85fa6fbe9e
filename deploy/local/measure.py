"""Run a command, print its wall clock and CPU time, and see that it left nothing running.

``python -m deploy.local.measure NAME COMMAND ARGUMENT...``. The CPU time is that of every process
the command started and somebody waited for, servers among them: orphans become children of this
process (a subreaper), which waits for them too. What still runs at the end is a failure.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local import children

PR_SET_CHILD_SUBREAPER = 36
GRACE = 5.0
"""Seconds for orphans that are on their way out, a killed server's backends for example."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its status, or 1 if it left something running."""
    name, *command = arguments
    adopt_orphans()
    start = time.monotonic()
    status = _run(command)
    left = end_orphans()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = usage.ru_utime + usage.ru_stime
    wall = time.monotonic() - start
    print(f"{name}: wall clock {_minutes(wall)}, CPU {_minutes(cpu)} with all servers", flush=True)
    if left:
        print(f"{name}: left running (now ended):", *left, sep="\n    ", flush=True)
    return status or (1 if left else 0)


def _run(command: Sequence[str]) -> int:
    process = subprocess.Popen(command)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, _frame: process.send_signal(number))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has sent it to the command too, which orders its own end


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans() -> list[str]:
    """Wait for what is ending by itself; kill the rest and return what it was."""
    deadline = time.monotonic() + GRACE
    while _reap() and time.monotonic() < deadline:
        time.sleep(0.05)
    named = []
    for pid in children.children_of(os.getpid()):
        named.append(f"{pid} {_command_line(pid)}")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while _reap():
        time.sleep(0.05)
    return named


def _reap() -> bool:
    """Collect ended children; tell whether any still runs."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            continue
    except ChildProcessError:
        return False
    return True


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:160]
    except OSError:
        return "?"


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {seconds % 60:.1f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
