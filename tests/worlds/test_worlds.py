"""Random vehicles, officers and faults through the shipped agent, compared with the truth."""

import secrets
import sys
from collections import Counter

import pytest

from tests.worlds.day import Day
from tests.worlds.many import draw_seeds, missing, run_all
from tests.worlds.traffic import VEHICLES

FEW, MANY = 300, 10_000
USUAL_SEED = 235
"""Of the worlds that all runs of the tests go through; ``--soak`` and ``make worlds`` draw anew."""


@pytest.mark.rule("R1")
@pytest.mark.rule("R2")
@pytest.mark.rule("R3")
@pytest.mark.rule("R4")
@pytest.mark.rule("R10")
@pytest.mark.fault(32)
@pytest.mark.fault(33)
def test_the_record_of_every_random_world_equals_its_truth(*, soak: bool) -> None:
    worlds, counts = MANY if soak else FEW, Counter[str]()
    run_seed = secrets.randbits(48) if soak else USUAL_SEED
    sys.stdout.write(f"{worlds} worlds drawn from {run_seed}\n")

    differences = {}
    for outcome in run_all(draw_seeds(worlds, run_seed)):
        counts += outcome.counts
        if outcome.differences:
            differences[outcome.seed] = outcome.differences

    sys.stdout.write(f"{dict(counts)}\n")
    assert differences == {}, "make worlds SEED=... runs one of them again"
    assert counts["vehicles"] >= VEHICLES * worlds
    assert missing(counts, worlds) == []


def test_a_world_can_be_drawn_again() -> None:
    one, other = Day(4711).run(), Day(4711).run()

    assert one == other
    assert one.counts["passed"] > 0
