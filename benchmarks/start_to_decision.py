"""From the start of an agent to its first decision: ``python -m benchmarks.start_to_decision``.

A vehicle comes up to the lane with four cards that its reader hears already, while the lane's agent
is started anew with a long list. Measured is the time from just before the process is made to the
moment at which another process can read the committed decision, once with the list in the
machine's memory and once with it dropped from there. See docs/benchmarks.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks import machine
from benchmarks.figures import Bar, judge, spread
from benchmarks.lane.cards import CardList, card_file
from benchmarks.lane.premises import Premises, site
from benchmarks.lane.start import Start, Starter

LIMIT_SECONDS = 2.0
DROPPED = 0.01
"""At most this share of the list may be in memory where a start counts as one without it."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=10_000_000)
    parser.add_argument("--starts", type=int, default=5, help="of each kind")
    return parser.parse_args()


def main() -> int:
    """Measure and print; 1 if the bar is missed or a decision is not the right one."""
    chosen = arguments()
    cards = CardList(count=chosen.cards)
    begun = time.monotonic()
    path = card_file(cards)
    size = path.stat().st_size / 1e9
    print(f"list of {chosen.cards} cards ({size:.1f} GB) ready, {time.monotonic() - begun:.0f} s")
    with machine.work_folder("start") as folder:
        machine.describe(folder)
        with site(folder, lanes=1, cards=cards) as premises:
            status = _measure(premises, cards, path, chosen.starts)
        machine.describe(folder)
    return status


def _measure(premises: Premises, cards: CardList, path: Path, starts: int) -> int:
    starter = Starter(premises, cards, seed=1)
    try:
        starter.start()  # brings the interpreter's own files into memory, and is not counted
        _read_through(path)
        share = machine.resident(path)
        warm = [starter.start() for _ in range(starts)]
        shares = []
        cold = []
        for _ in range(starts):
            _drop(path)
            shares.append(machine.resident(path))
            cold.append(starter.start())
    finally:
        starter.close()
    wrong = [what for one in (*warm, *cold) for what in one.wrong]
    if max(shares) > DROPPED:
        wrong.append(f"the list was not dropped: {max(shares):.1%} of it in memory")
    bars = [
        _bar("start to decision", warm, f"{share:.0%} of the list in memory"),
        _bar("the same, dropped", cold, f"at most {max(shares):.1%} of the list in memory"),
    ]
    return judge(bars, wrong)


def _bar(name: str, starts: Sequence[Start], how: str) -> Bar:
    decided = [one.decided for one in starts]
    print(f"{len(starts)} starts, {how}: {spread(decided, 's')}")
    for what, times in (
        ("reader", [one.reading for one in starts]),
        ("camera", [one.watched for one in starts]),
    ):
        print(f"  of it until the {what} is connected: median {median(times):.2f} s")
    return Bar(name=f"{name}, worst", value=max(decided), limit=LIMIT_SECONDS, unit="s")


def _read_through(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def _drop(path: Path) -> None:
    """Ask the kernel to let go of the file's pages; it does unless they are dirty or mapped."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
