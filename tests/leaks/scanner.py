"""Look for thousands of forms at once in many megabytes.

The first bytes of every form are in a table; each place of the data is looked up in it, all places
at a time, and only where the table says yes are the forms compared. So the time hardly depends on
how many forms there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from tests.leaks.canaries import CANARIES, Canary
from tests.leaks.forms import patterns
from tests.leaks.pattern import SHORTEST, Finding, Pattern

WINDOW = 1 << 20  # bytes looked at together: the arrays stay in the processor's cache
TABLE_BITS = 20
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # an odd number whose products spread over the table

Numbers = NDArray[np.uint64]


class Scanner:
    """Finds the forms of values in data."""

    def __init__(self, found_by: Iterable[Pattern]) -> None:
        distinct = {(each.small, each.data if each.exact else b""): each for each in found_by}
        self._by_start: dict[int, list[Pattern]] = defaultdict(list)
        for pattern in distinct.values():
            if len(pattern.data) < SHORTEST:
                raise ValueError(f"too short to be looked for: {pattern.what}, {pattern.form}")
            start = int.from_bytes(pattern.small[:SHORTEST], "little")
            self._by_start[start].append(pattern)
        self._starts = np.array(sorted(self._by_start), dtype=np.uint64)
        self._table = np.zeros(1 << TABLE_BITS, dtype=np.bool_)
        self._table[_slots(self._starts)] = True
        self._longest = max((len(each.data) for each in distinct.values()), default=0)

    def find(self, data: bytes) -> list[Finding]:
        """Return every place where a value is readable, in whatever form."""
        found = []
        for start in range(0, len(data), WINDOW):
            # One byte before and after shows whether a row of figures goes on.
            first = max(0, start - 1)
            window = data[first : start + WINDOW + self._longest + 1]
            found += [
                finding
                for finding in self._in(window, first)
                if start <= finding.at < start + WINDOW
            ]
        return found

    def _in(self, window: bytes, first: int) -> Iterator[Finding]:
        small = window.lower()
        for at in self._candidates(small):
            start = int.from_bytes(small[at : at + SHORTEST], "little")
            for pattern in self._by_start.get(start, ()):
                if _is_there(pattern, window, small, at):
                    yield Finding(what=pattern.what, form=pattern.form, at=first + at)

    def _candidates(self, small: bytes) -> list[int]:
        count = len(small) - SHORTEST + 1
        if count <= 0 or not len(self._starts):
            return []
        signs = np.frombuffer(small, dtype=np.uint8).astype(np.uint64)
        starts = np.zeros(count, dtype=np.uint64)
        for place in range(SHORTEST):
            starts |= signs[place : place + count] << np.uint64(8 * place)
        likely = np.flatnonzero(self._table[_slots(starts)])
        return [int(at) for at in likely[np.isin(starts[likely], self._starts)]]


def canary_patterns(canaries: Iterable[Canary] = CANARIES) -> Iterator[Pattern]:
    """Yield every form of every way in which the values are written."""
    for canary in canaries:
        for text in canary.written:
            yield from patterns(canary.what, text)


def _slots(starts: Numbers) -> NDArray[np.int64]:
    spread: Numbers = starts * SPREAD >> np.uint64(64 - TABLE_BITS)
    return spread.astype(np.int64)


def _is_there(pattern: Pattern, window: bytes, small: bytes, at: int) -> bool:
    end = at + len(pattern.data)
    if pattern.exact:
        return window[at:end] == pattern.data
    if small[at:end] != pattern.small:
        return False
    return not pattern.alone or not (_is_figure(small, at - 1) or _is_figure(small, end))


def _is_figure(small: bytes, at: int) -> bool:
    return 0 <= at < len(small) and small[at : at + 1] in b"0123456789abcdef"
