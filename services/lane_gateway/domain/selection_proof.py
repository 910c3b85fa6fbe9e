"""Proves the draws of a period from the record, once its seed is known."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.selection import SEED_BYTES, SelectionPeriod


class Flaw(StrEnum):
    """What speaks against a period's draws."""

    NOT_REVEALED = "not_revealed"
    COMMITMENT_DIFFERS = "commitment_differs"
    DRAWN_BEFORE = "drawn_before"
    NUMBERS_DIFFER = "numbers_differ"
    OUTCOME_DIFFERS = "outcome_differs"
    DRAWN_TWICE = "drawn_twice"
    NOT_DRAWN = "not_drawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedDraw:
    """One draw as the record has it; ``entry`` is its place in the record."""

    entry: int
    passage_id: UUID
    number: int
    selected: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedPeriod:
    """One period as the record has it.

    ``seed`` and ``told`` (the number of draws that was told with it) are ``None`` before the end.
    ``undrawn`` are vehicles that the lane cleared in the period without any draw.
    """

    lane: str
    period: str
    ppm: int
    version: int
    commitment: str
    entry: int
    seed: bytes | None
    told: int | None
    draws: Sequence[RecordedDraw]
    undrawn: Sequence[UUID] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A flaw; ``at`` names the draw or the passage, where there is one."""

    flaw: Flaw
    at: str = ""


def prove(recorded: RecordedPeriod) -> tuple[Found, ...]:
    """Return what is wrong with a period that is over; nothing means that every draw is proved."""
    if recorded.seed is None:
        return (Found(flaw=Flaw.NOT_REVEALED),)
    if len(recorded.seed) != SEED_BYTES:
        return (Found(flaw=Flaw.COMMITMENT_DIFFERS),)
    period = SelectionPeriod(
        lane=recorded.lane,
        period=recorded.period,
        ppm=recorded.ppm,
        version=recorded.version,
        seed=recorded.seed,
    )
    if period.commitment != recorded.commitment:
        return (Found(flaw=Flaw.COMMITMENT_DIFFERS),)
    return (*_numbers(recorded), *_outcomes(recorded, period), *_passages(recorded))


def _numbers(recorded: RecordedPeriod) -> Iterator[Found]:
    numbers = [draw.number for draw in recorded.draws]
    if numbers != list(range(1, (recorded.told or 0) + 1)):
        yield Found(flaw=Flaw.NUMBERS_DIFFER)
    for draw in recorded.draws:
        if draw.entry <= recorded.entry:
            yield Found(flaw=Flaw.DRAWN_BEFORE, at=str(draw.number))


def _outcomes(recorded: RecordedPeriod, period: SelectionPeriod) -> Iterator[Found]:
    for draw in recorded.draws:
        if draw.selected is not period.selects(draw.number):
            yield Found(flaw=Flaw.OUTCOME_DIFFERS, at=str(draw.number))


def _passages(recorded: RecordedPeriod) -> Iterator[Found]:
    for passage in _repeated(draw.passage_id for draw in recorded.draws):
        yield Found(flaw=Flaw.DRAWN_TWICE, at=str(passage))
    for passage in recorded.undrawn:
        yield Found(flaw=Flaw.NOT_DRAWN, at=str(passage))


def _repeated(passages: Iterable[UUID]) -> Iterator[UUID]:
    return (each for each, times in Counter(passages).items() if times > 1)
