"""How long the demo takes to get ready: ``python -m benchmarks.demo_start``.

The packages are there already. Measured is the time from the start of ``python -m
deploy.local.demo`` in an empty folder to ``demo.json``, which it writes once every process answers
and the data is in; and afterwards that nothing is left running.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks import machine
from benchmarks.figures import Bar, judge
from deploy.local import children
from deploy.local.paths import ROOT

BAR_S = 60.0
PATIENCE = 300.0
STOP_PATIENCE = 60.0
LOOK = 0.05


def main() -> int:
    """Measure and print; 1 if the bar is missed or something stays behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    seconds, wrong = list[float](), list[str]()
    for number in range(chosen.runs):
        with machine.work_folder("demo") as folder:
            machine.describe(folder)
            taken, left = _one_start(folder)
        print(f"start {number + 1}: ready after {taken:.1f} s", flush=True)
        seconds.append(taken)
        wrong += [f"process {pid} still runs" for pid in left]
    return judge([Bar(name="start", value=median(seconds), limit=BAR_S, unit="s")], wrong)


def _one_start(folder: Path) -> tuple[float, list[int]]:
    """Return the seconds until the demo was ready, and the processes that it left behind."""
    command = [sys.executable, "-m", "deploy.local.demo", "--folder", str(folder)]
    log = folder / "out"
    begun = time.monotonic()
    with log.open("wb") as out:
        demo = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    try:
        while not _ready(folder):
            if demo.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise TimeoutError(f"The demo did not start:\n{children.tail(log)}")
            time.sleep(LOOK)
        taken = time.monotonic() - begun
        started = children.children_of(demo.pid)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(STOP_PATIENCE)
    return taken, [pid for pid in started if Path(f"/proc/{pid}").exists() and pid != os.getpid()]


def _ready(folder: Path) -> bool:
    try:
        record = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    return bool(record["ready"])


if __name__ == "__main__":
    sys.exit(main())
