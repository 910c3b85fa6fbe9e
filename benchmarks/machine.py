"""The machine under the figures: without it they say nothing.

A figure that waits for the disk is read together with how long the disk takes to make one page
durable, and every figure with what else the machine was doing.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryFile, mkdtemp

from benchmarks.figures import percentile
from deploy.local.paths import RUN

PAGE = 4096
SYNCS = 200
SAMPLED_PAGES = 2000
MILLI = 1000


def sync_times(folder: Path) -> list[float]:
    """Return the milliseconds that ``fdatasync`` takes after one page was written over, often."""
    taken = []
    with TemporaryFile(dir=folder, buffering=0) as file:
        file.write(bytes(PAGE * SYNCS))
        os.fsync(file)
        for number in range(SYNCS):
            os.pwrite(file.fileno(), os.urandom(PAGE), number * PAGE)
            begun = time.perf_counter()
            os.fdatasync(file)
            taken.append((time.perf_counter() - begun) * MILLI)
    return taken


def describe(folder: Path) -> float:
    """Print the machine's facts; return the median of ``fdatasync`` in ``folder``, in ms."""
    times = sync_times(folder)
    one, five, _ = os.getloadavg()
    print(
        f"{os.cpu_count()} cores, load {one:.2f} (5 min {five:.2f}); fdatasync of one page "
        f"p50 {median(times):.2f}, p99 {percentile(times, 0.99):.2f} ms",
        flush=True,
    )
    return median(times)


def resident(path: Path) -> float:
    """Return the share of a file that is in memory, from pages spread evenly over it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        pages = max(1, os.fstat(handle).st_size // PAGE)
        step = max(1, pages // SAMPLED_PAGES)
        found = [_in_memory(handle, page * PAGE) for page in range(0, pages, step)]
        return sum(found) / len(found)
    finally:
        os.close(handle)


def _in_memory(handle: int, offset: int) -> bool:
    try:
        return os.preadv(handle, [bytearray(1)], offset, os.RWF_NOWAIT) == 1
    except BlockingIOError:
        return False


@contextmanager
def work_folder(name: str) -> Iterator[Path]:
    """Yield a fresh folder on the disk that the demo uses; it is removed afterwards."""
    RUN.mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=RUN, prefix=f"bench-{name}-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where we are root
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
