"""The order of system calls in an agent: the file's sync has returned before the coil is sent.

A tracer is attached to one agent for a few decisions. It slows the agent down, so nothing is
measured meanwhile.
"""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.lane.premises import Premises
from benchmarks.lane.run import Lanes

TRACER = "strace"
TRACED_DECISIONS = 5
ATTACH_SECONDS = 1.0
END_PATIENCE = 10.0
LINE = re.compile(
    r'(?P<call>\w+)\(\d+<(?P<path>[^>]*)>(?:, "(?P<data>[^"]*)")?.*\)\s+= (?P<result>-?\d+)'
)
RESUMED = re.compile(r"<\.\.\. f(?:data)?sync resumed>.*= 0")
MODBUS_HEADER = 7
WRITE_OUR_COILS = bytes([15, 0, 0, 0, 4, 1])
OPEN_BIT = 1
REPORT_TYPES = {b"\x04\x3d", b"\x08\x3d"}
"""The first two bytes of an RO_ACCESS_REPORT in version 1.0.1 and in 1.1."""


def traced_order(premises: Premises, lanes: Lanes) -> list[str]:
    """Return what is wrong with the order; say so where there is no tracer on this machine."""
    program = shutil.which(TRACER)
    if program is None:
        print(f"the order of sync and coil was not traced: {TRACER} is not installed")
        return []
    path = premises.layout.folder / "trace"
    watched = premises.layout.lanes[0].id
    command = [program, "-f", "-y", "-xx", "-s", "64", "-o", str(path)]
    calls = ["-e", "trace=fsync,fdatasync,sendto,recvfrom", "-p", str(premises.agent(watched))]
    with subprocess.Popen([*command, *calls], stderr=subprocess.DEVNULL) as tracer:
        lanes.rest(ATTACH_SECONDS)
        lanes.measure(TRACED_DECISIONS * len(premises.layout.lanes))
        tracer.send_signal(signal.SIGINT)
        tracer.wait(END_PATIENCE)
    return _judge(path)


def _judge(path: Path) -> list[str]:
    openings, right, syncs = 0, 0, 0
    is_open = False
    for step in _steps(path):
        match step:
            case "report" if not is_open:
                syncs = 0
            case "sync":
                syncs += 1
            case "open" if not is_open:
                openings, right, is_open = openings + 1, right + (syncs > 0), True
            case "shut":
                is_open = False
    print(f"traced: {right} of {openings} coils were sent after the file's sync had returned")
    if openings < TRACED_DECISIONS or right < openings:
        return [f"the trace shows {openings} openings, {right} of them after their sync"]
    return []


def _steps(path: Path) -> Iterator[str]:
    """Yield what the agent did: took a report, had the file synced, set or reset the coil."""
    for line in path.read_text(encoding="ascii").splitlines():
        found = LINE.search(line)
        if RESUMED.search(line):
            yield "sync"
        elif found is None:
            continue
        elif found["call"] in {"fsync", "fdatasync"}:
            if _bytes(found["path"]).endswith(b"-wal") and found["result"] == "0":
                yield "sync"
        else:
            yield from _message(found["call"], _bytes(found["data"] or ""))


def _message(call: str, data: bytes) -> Iterator[str]:
    if call == "recvfrom" and data[:2] in REPORT_TYPES:
        yield "report"
    if call == "sendto" and data[MODBUS_HEADER:].startswith(WRITE_OUR_COILS):
        yield "open" if data[-1] & OPEN_BIT else "shut"


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
