"""Runs many random worlds, in as many processes as there are processors, and adds them up."""

import gc
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.worlds.day import Day, Outcome

WANTED = ("tailgate", "reversal", "override", "replay")
"""What must have happened in the worlds of one run."""
ONCE_FOR = 100
"""Worlds for each time that it must have happened, and once at least."""


def draw_seeds(number: int, run_seed: int) -> list[int]:
    """Return the seeds of a run's worlds."""
    dice = random.Random(run_seed)  # noqa: S311 - worlds that can be drawn again, no secret
    return [dice.getrandbits(48) for _ in range(number)]


def run_all(seeds: Iterable[int]) -> Iterator[Outcome]:
    """Yield the outcome of each world as it comes."""
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin) as pool:
        yield from pool.map(run_one, seeds, chunksize=4)


def run_one(seed: int) -> Outcome:
    """Run one world; what breaks it is a difference, too."""
    try:
        return Day(seed).run()
    except Exception as error:  # noqa: BLE001 - reported with its seed, and fails the run
        what = f"{type(error).__name__}: {error}"
        return Outcome(seed=seed, differences=(what,), counts=Counter(), seconds=0.0)


def missing(counts: Counter[str], worlds: int) -> list[str]:
    """Return what happened too rarely in so many worlds to have been tried."""
    least = max(1, worlds // ONCE_FOR)
    return [name for name in WANTED if counts[name] <= least - 1]


def _begin() -> None:
    """Leave what lives to the end out of later collections, as the agent's own start does."""
    gc.collect()
    gc.freeze()
