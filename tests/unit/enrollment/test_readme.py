"""The service's README says what the code does."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import services.enrollment
from services.enrollment.domain import application, appointment, card, membership
from services.enrollment.messages.handlers import IGNORED, handlers
from services.enrollment.messages.publications import Publications
from tests.unit.enrollment.test_publications import TOLD

README = (Path(services.enrollment.__file__).parent / "README.md").read_text(encoding="utf-8")
MACHINES: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "Application": application.ALLOWED,
    "Appointment": appointment.ALLOWED,
    "Membership": membership.ALLOWED,
    "Card": card.ALLOWED,
}


def written(thing: str) -> Iterator[tuple[str, str]]:
    part = README.split(f"\n{thing} (`")[1].split("\n\n")[0]
    for line in re.findall(r"^\* (.+)$", part, re.MULTILINE):
        sources, arrow, targets = line.partition(" -> ")
        if arrow:
            yield from ((a, b) for a in sources.split(", ") for b in targets.split(", "))
        else:
            assert sources.endswith(": the end")


@pytest.mark.parametrize("thing", sorted(MACHINES))
def test_the_states_are_those_of_the_transition_table(thing: str) -> None:
    moves = {(str(a), str(b)) for a, targets in MACHINES[thing].items() for b in targets}

    assert set(written(thing)) == moves


def test_every_message_that_is_published_or_heard_is_named() -> None:
    publish = Publications(seal=lambda _payload, _about: "sealed")
    sent = {message.type for event in TOLD for message in publish(event)}
    heard = set(handlers(None)) | IGNORED  # type: ignore[arg-type]
    short = {name.replace("enrollment", "", 1) for name in sent}

    assert [name for name in short if f"{name}`" not in README] == []
    assert [name for name in heard if f"`{name}`" not in README] == []


def test_it_fits_on_a_screen_or_two() -> None:
    assert README.count("\n") < 80
