"""All name parts of the lists, what each is worth, and which of them a given part may mean.

Worth is counted in bits: a part that one entry in 1,024 carries is worth 10. A part that agrees
less than exactly is worth less, by a cost in bits that says how seldom one person's name is written
so differently.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cdist

from services.vetting.domain.screening.nicknames import stands_for
from services.vetting.domain.screening.phonetics import skeleton, spanish_key

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

LEAST_WORTH, MOST_WORTH = 1.5, 14.0
CACHED_PARTS = 20_000
SHORTEST_KEY = 3
SHORTEST_BEGINNING = 4
LEAST_LIKENESS = 0.5
"""Names with the same consonants and nothing else in common (Marina, Moreno) are not alike."""

SLIPS_ALLOWED = (0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3)
"""Letters added, lost, changed or swapped with a neighbour, by the length of the part."""


class Agreement(StrEnum):
    """How a part of the applicant's name agrees with a part of a listed one."""

    EXACT = "exact"
    SOUND = "sound"
    NICKNAME = "nickname"
    SPELLING = "spelling"
    FOREIGN_SPELLING = "foreign_spelling"
    BEGINNING = "beginning"
    INITIAL = "initial"


COST = {
    Agreement.EXACT: 0.0,
    Agreement.SOUND: 1.5,
    Agreement.NICKNAME: 2.5,
    Agreement.FOREIGN_SPELLING: 3.0,
    Agreement.BEGINNING: 4.0,
}
INITIAL_WORTH = 2.5
"""A first letter is shared by one name in a dozen, and people seldom give initials alone."""

ORDER = tuple(Agreement)


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """The listed parts that a given part may mean, the least worth first."""

    ids: Ints
    worth: Floats
    agreement: NDArray[np.int8]
    """Positions in ``ORDER``."""


class Vocabulary:
    """The distinct parts of all listed names."""

    def __init__(self, counts: Mapping[str, int], entries: int) -> None:
        """Take how many of the ``entries`` carry each part."""
        self.parts = sorted(counts)
        self.ids = {part: number for number, part in enumerate(self.parts)}
        carried = np.array([counts[part] for part in self.parts], dtype=np.float32)
        self.worth: Floats = np.clip(
            np.log2(max(entries, 1_000) / (carried + 1)), LEAST_WORTH, MOST_WORTH
        ).astype(np.float32)
        self._lengths = np.array([len(part) for part in self.parts], dtype=np.int32)
        self._by_sound = _grouped(self.parts, spanish_key)
        self._by_skeleton = _grouped(self.parts, skeleton)
        self._expanded: OrderedDict[str, Expansion] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.parts)

    def expand(self, part: str) -> Expansion:
        """Return every listed part that ``part`` may mean, remembering the answer."""
        with self._lock:
            known = self._expanded.get(part)
            if known is not None:
                self._expanded.move_to_end(part)
                return known
        found = self._expand(part)
        with self._lock:
            self._expanded[part] = found
            if len(self._expanded) > CACHED_PARTS:
                self._expanded.popitem(last=False)
        return found

    def _expand(self, part: str) -> Expansion:
        best: dict[int, tuple[float, Agreement]] = {}
        if len(part) == 1:
            return _expansion(best)  # an initial fits a twelfth of all parts; pairing looks at it
        self._add(best, self._similar(part))
        self._add(best, self._same_key(part, self._by_skeleton, Agreement.FOREIGN_SPELLING))
        self._add(best, self._same_key(part, self._by_sound, Agreement.SOUND))
        self._add(best, self._beginnings(part))
        self._add(best, self._named(stands_for(part), Agreement.NICKNAME))
        self._add(best, self._named([part[0]], Agreement.INITIAL))
        self._add(best, self._named([part], Agreement.EXACT))
        return _expansion(best)

    def _add(
        self,
        best: dict[int, tuple[float, Agreement]],
        found: Iterable[tuple[int, float, Agreement]],
    ) -> None:
        for number, cost, how in found:
            worth = float(self.worth[number]) - cost
            if how is Agreement.INITIAL:
                worth = INITIAL_WORTH
            if worth > max(best.get(number, (0.0, how))[0], 0.5):
                best[number] = (worth, how)

    def _named(
        self, parts: Iterable[str], how: Agreement
    ) -> Iterable[tuple[int, float, Agreement]]:
        cost = COST.get(how, 0.0)
        return [(self.ids[part], cost, how) for part in parts if part in self.ids]

    def _same_key(
        self, part: str, groups: Mapping[str, Sequence[int]], how: Agreement
    ) -> Iterable[tuple[int, float, Agreement]]:
        key = spanish_key(part) if how is Agreement.SOUND else skeleton(part)
        if len(key) < SHORTEST_KEY:
            return
        for number in groups.get(key, ()):
            cost = COST[how]
            if how is Agreement.FOREIGN_SPELLING:
                likeness = OSA.normalized_similarity(part, self.parts[number])
                if likeness < LEAST_LIKENESS:
                    continue
                cost += 6 * (1 - likeness)
            yield number, cost, how

    def _beginnings(self, part: str) -> Iterable[tuple[int, float, Agreement]]:
        """Names cut short: one part is the beginning of the other, and most of it."""
        if len(part) < SHORTEST_BEGINNING:
            return
        for number in self._beginning_with(part):
            if 3 * len(part) >= 2 * self._lengths[number]:
                yield number, COST[Agreement.BEGINNING], Agreement.BEGINNING
        for length in range(max(SHORTEST_BEGINNING, -(-2 * len(part) // 3)), len(part)):
            beginning = self.ids.get(part[:length])
            if beginning is not None:
                yield beginning, COST[Agreement.BEGINNING], Agreement.BEGINNING

    def _beginning_with(self, start: str) -> Iterable[int]:
        return range(bisect_left(self.parts, start), bisect_left(self.parts, start + "{"))

    def _similar(self, part: str) -> Iterable[tuple[int, float, Agreement]]:
        """Every part within the number of slips of the pen that its length allows."""
        length = len(part)
        allowed = SLIPS_ALLOWED[min(length, len(SLIPS_ALLOWED) - 1)]
        if not allowed:
            return
        near = np.flatnonzero(abs(self._lengths - length) <= allowed)
        choices = [self.parts[number] for number in near]
        slips = cdist([part], choices, scorer=OSA.distance, score_cutoff=allowed, dtype=np.uint8)
        known = self.ids.get(part)
        for position in np.flatnonzero(slips[0] <= allowed):
            other = choices[position]
            likeness = 0.5 * (
                1 - int(slips[0][position]) / max(length, len(other))
            ) + 0.5 * JaroWinkler.similarity(part, other)
            cost = 1 + 18 * (1 - likeness)
            if known is not None:
                cost += 2  # two names that are both in use are seldom a slip of the pen
            yield int(near[position]), cost, Agreement.SPELLING


def _expansion(best: Mapping[int, tuple[float, Agreement]]) -> Expansion:
    ranked = sorted((worth, number, how) for number, (worth, how) in best.items())
    return Expansion(
        ids=np.array([number for _, number, _ in ranked], dtype=np.int32),
        worth=np.array([worth for worth, _, _ in ranked], dtype=np.float32),
        agreement=np.array([ORDER.index(how) for _, _, how in ranked], dtype=np.int8),
    )


def _grouped(parts: Sequence[str], key: Callable[[str], str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(key(part), []).append(number)
    return groups
