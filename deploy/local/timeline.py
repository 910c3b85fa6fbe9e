"""What happened when, as ``make story`` prints it: steps with the times that were measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measured time; ``limit`` is the most it may be, ``None`` where nothing is promised."""

    what: str
    seconds: float
    limit: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the time is within its limit."""
        return self.limit is None or self.seconds <= self.limit


@dataclass
class Timeline:
    """The story so far, printed as it goes."""

    measures: list[Measure] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _number: int = 0

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Do one step of the story; it counts as observed once the block has ended."""
        self._number += 1
        yield
        print(f"{self._number:2}. {self._clock()}  {text}", flush=True)

    def measured(self, what: str, seconds: float, *, limit: float | None = None) -> None:
        """Note a measured time."""
        measure = Measure(what=what, seconds=seconds, limit=limit)
        self.measures.append(measure)
        kept = "" if measure.kept else f"  OVER {limit} s"
        print(f"              {what}: {seconds * 1000:,.0f} ms{kept}", flush=True)

    def close(self) -> int:
        """Print the times once more; return 0 if every one is within its limit."""
        print("\nmeasured:")
        for each in self.measures:
            limit = "" if each.limit is None else f"   at most {each.limit * 1000:,.0f} ms"
            print(f"  {each.what:48}{each.seconds * 1000:8,.0f} ms{limit}")
        return 0 if all(each.kept for each in self.measures) else 1

    def _clock(self) -> str:
        return f"{time.monotonic() - self._began:6.1f} s"
