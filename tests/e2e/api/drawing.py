"""Requests drawn at random, half of them about things that exist."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.e2e.api.documents import Operation

BIG = 2**16
YES = st.sampled_from((True, False))
"""What comes first is the case that hypothesis takes for the simplest, and tries at once."""

Drawn = TypeVar("Drawn")


class Kind(StrEnum):
    """What a request is made of."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    EDGE = "edge"


@dataclass(frozen=True, kw_only=True)
class Twist:
    """What is changed in a request; the numbers choose from what there is when it is sent.

    A ``right`` one, which every other is, asks for what exists, is the caller's own and fits.
    """

    right: bool
    exists: bool
    own: bool
    fits: bool
    current: bool
    fresh: bool
    person: int
    thing: int
    body: int
    place: int
    edge: int


def twists() -> st.SearchStrategy[Twist]:
    """Draw what is changed, without looking at what there is: a seed then says everything."""
    number = st.integers(min_value=0, max_value=BIG)
    numbers = dict.fromkeys(("person", "thing", "body", "place", "edge"), number)
    choices = dict.fromkeys(("exists", "own", "fits", "current", "fresh"), YES)
    right = st.just(dict.fromkeys(("right", *choices), True))
    mixed = st.fixed_dictionaries(choices).map(lambda flags: {"right": False, **flags})
    return st.builds(
        lambda flags, drawn: Twist(**flags, **drawn),
        right | mixed,
        st.fixed_dictionaries(numbers),
    )


def chosen(among: Sequence[Drawn], number: int) -> Drawn:
    """Return the one that a drawn number means."""
    return among[number % len(among)]


def draw(
    operation: Operation,
    kind: Kind,
    *,
    count: int,
    seed: str,
    send: Callable[[Case[Any], Twist], None],
) -> None:
    """Draw up to ``count`` requests and send each; ``seed`` says which."""
    negative = kind is Kind.NEGATIVE
    mode = GenerationMode.NEGATIVE if negative else GenerationMode.POSITIVE

    @hypothesis.seed(zlib.crc32(seed.encode()))
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), twist=twists())
    def each(case: Case[Any], twist: Twist) -> None:
        send(case, twist)

    each()


def can_be_negative(operation: Operation) -> bool:
    """Tell whether a request can break the document: one without any rule cannot."""
    written = operation.definition.raw
    beside_path = [each for each in operation.iter_parameters() if each.location != "path"]
    ruled = [
        each
        for each in operation.path_parameters
        if {"format", "pattern", "enum"} & set(each.definition["schema"])
    ]
    return bool(beside_path or ruled or "requestBody" in written)
