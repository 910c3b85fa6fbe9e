"""``make worlds``: random lanes through the shipped agent, each compared with its truth.

``N`` worlds are drawn from a new seed, which is printed first; ``SEED`` runs that one world again,
as a failed run names it. Exit status 1 if a record differs from the truth, or if something that
had to happen did not.
"""

import argparse
import secrets
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.worlds.many import WANTED, draw_seeds, missing, run_all, run_one

FEW = 300
RUN_SEED_BITS = 48
REPORT_EVERY = 1000


def main(words: Sequence[str]) -> int:
    """Run the worlds and print what happened in them."""
    parser = argparse.ArgumentParser(prog="worlds")
    parser.add_argument("--worlds", type=int, default=FEW)
    parser.add_argument("--seed", type=int, help="one world, by its own seed")
    given = parser.parse_args(words)
    if given.seed is not None:
        return _again(given.seed)
    return _run(given.worlds, secrets.randbits(RUN_SEED_BITS))


def _again(seed: int) -> int:
    outcome = run_one(seed)
    for difference in outcome.differences:
        print(difference)
    print(f"world {seed}: {_spoken(outcome.counts)}")
    return 1 if outcome.differences else 0


def _run(worlds: int, run_seed: int) -> int:
    print(f"{worlds} worlds drawn from {run_seed}", flush=True)
    began, bad, seconds, counts = time.monotonic(), 0, 0.0, Counter[str]()
    for number, outcome in enumerate(run_all(draw_seeds(worlds, run_seed)), start=1):
        counts += outcome.counts
        seconds += outcome.seconds
        if outcome.differences:
            bad += 1
            print(f"SEED={outcome.seed}", *outcome.differences, sep="\n  ", flush=True)
        if number % REPORT_EVERY == 0:
            print(f"{number} worlds, {bad} with differences", flush=True)
    rare = missing(counts, worlds)
    print(_spoken(counts))
    print(f"at the lane {seconds / 3600:.1f} h, here {time.monotonic() - began:.0f} s")
    print(f"{bad} of {worlds} worlds differ from their truth" if bad else "every record is true")
    if rare:
        print(f"too rarely tried: {', '.join(rare)}")
    return 1 if bad or rare or not worlds else 0


def _spoken(counts: Counter[str]) -> str:
    first = [f"{counts[name]} {name}" for name in WANTED]
    rest = [f"{number} {name}" for name, number in sorted(counts.items()) if name not in WANTED]
    return ", ".join(first + rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
