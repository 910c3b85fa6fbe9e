"""Which part of the given name goes with which part of a listed one, for many names at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.vetting.domain.screening.index import NOWHERE, Index
from services.vetting.domain.screening.vocabulary import INITIAL_WORTH, Expansion

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

CONTRADICTION = 4.5
"""Bits lost when both names have a part left over that fits nothing in the other."""

ABSENCE = 1.0
"""Bits lost for a part that only one of the names has: people leave names out every day."""

MOST_ABSENCE = 3.0
WEAK_NAME = 0.75
"""A weak alias is worth less than a name."""


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """How one given name pairs with many records."""

    points: Floats
    partner: Ints
    """Records x given parts: the position in the record's name, or ``NOWHERE``."""

    worth: Floats
    """Records x given parts: the bits of that pair."""


def pair(
    index: Index, parts: Sequence[str], expansions: Sequence[Expansion], rows: Ints
) -> Pairing:
    """Pair greedily, the most valuable pair first; each part is used once."""
    worth = _worth_of_pairs(index, parts, expansions, rows)
    count, given, listed = worth.shape
    partner = np.full((count, given), NOWHERE, dtype=np.int32)
    gained: Floats = np.zeros((count, given), dtype=np.float32)
    for _ in range(min(given, listed)):
        flat = worth.reshape(count, given * listed)
        best = flat.argmax(axis=1)
        value = flat[np.arange(count), best]
        hit = np.flatnonzero(value > 0)
        if not len(hit):
            break
        row, column = np.divmod(best[hit], listed)
        partner[hit, row], gained[hit, row] = column, value[hit]
        worth[hit, row, :] = 0
        worth[hit, :, column] = 0
    paired = (partner != NOWHERE).sum(axis=1)
    points = gained.sum(axis=1)
    points[index.weak[rows]] *= WEAK_NAME
    points -= left_over(given - paired, index.lengths[rows] - paired)
    return Pairing(points=points, partner=partner, worth=gained)


def left_over(given: Ints, listed: Ints) -> Floats:
    """Return the bits lost for parts without a partner on either side."""
    absent = np.minimum(ABSENCE * abs(given - listed), MOST_ABSENCE)
    return np.asarray(CONTRADICTION * np.minimum(given, listed) + absent, dtype=np.float32)


def _worth_of_pairs(
    index: Index, parts: Sequence[str], expansions: Sequence[Expansion], rows: Ints
) -> Floats:
    listed = index.parts[rows]
    listed = listed[:, : max(1, int(index.lengths[rows].max(initial=1)))]
    worth: Floats = np.zeros((len(rows), len(parts), listed.shape[1]), dtype=np.float32)
    for position, (part, expansion) in enumerate(zip(parts, expansions, strict=True)):
        by_part: Floats = np.zeros(len(index.vocabulary) + 1, dtype=np.float32)
        by_part[expansion.ids] = expansion.worth
        worth[:, position, :] = by_part[listed]
        if len(part) == 1:
            same = index.initials[listed] == ord(part)
            worth[:, position, :] = np.maximum(worth[:, position, :], same * INITIAL_WORTH)
    return worth
