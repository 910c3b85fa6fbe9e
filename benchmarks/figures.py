"""What benchmarks print: figures with the machine they come from, and bars that are met or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A limit that a figure must keep."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Tell whether the figure keeps it."""
        return self.value <= self.limit

    def __str__(self) -> str:
        """Say what was measured, what is allowed, and whether it is kept."""
        said = "met" if self.met else "MISSED"
        return f"bar {self.name}: {self.value:.2f} of at most {self.limit:.2f} {self.unit}: {said}"


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that a ``share`` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def spread(values: Sequence[float], unit: str) -> str:
    """Return median, 99th percentile, mean and worst as one line."""
    return (
        f"p50 {median(values):.2f}, p99 {percentile(values, 0.99):.2f}, "
        f"mean {fmean(values):.2f}, worst {max(values):.2f} {unit}"
    )


def judge(bars: Iterable[Bar], wrong: Iterable[str] = ()) -> int:
    """Print all bars and what else went wrong; return the exit status."""
    failed = False
    for bar in bars:
        print(bar)
        failed = failed or not bar.met
    for what in wrong:
        print(f"WRONG: {what}")
        failed = True
    return int(failed)
