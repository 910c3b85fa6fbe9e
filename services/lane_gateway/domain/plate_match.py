"""Compares the camera's plate with the marks of a card, without knowing the enrolled plates."""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from shared.plates import normalise_plate, plate_mark

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_PLATE = 12
"""A longer text is no plate; its many neighbours would hold up the lane."""


class PlateMatch(StrEnum):
    """How well a plate agrees with those enrolled to a card."""

    EXACT = "exact"
    NEIGHBOUR = "neighbour"
    NONE = "none"


def neighbours(plate: str) -> Iterator[str]:
    """Yield the plates that differ in one character, as when the camera takes 0 for O."""
    for place, read in enumerate(plate):
        for sign in SIGNS:
            if sign != read:
                yield plate[:place] + sign + plate[place + 1 :]


def match_plate(marks: Collection[bytes], tid: bytes, region: str, plate: str) -> PlateMatch:
    """Tell whether ``plate`` or a neighbour of it is among ``marks``; ``tid`` is their key."""
    written = normalise_plate(plate)
    if not marks or not 0 < len(written) <= LONGEST_PLATE:
        return PlateMatch.NONE
    known = frozenset(marks)
    if plate_mark(tid, region, written) in known:
        return PlateMatch.EXACT
    if any(plate_mark(tid, region, near) in known for near in neighbours(written)):
        return PlateMatch.NEIGHBOUR
    return PlateMatch.NONE


def best_match(
    cards: Iterable[tuple[Collection[bytes], bytes]], region: str, plate: str
) -> PlateMatch:
    """Return the best match of ``plate`` with the cards' marks, each with the key of its own."""
    best = PlateMatch.NONE
    for marks, tid in cards:
        match = match_plate(marks, tid, region, plate)
        if match is PlateMatch.EXACT:
            return match
        if match is PlateMatch.NEIGHBOUR:
            best = match
    return best
