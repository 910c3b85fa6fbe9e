"""Cables are cut and mended: a dead link is noticed, and the inventory is back soon after.

Neither end is told by the other: what is on the way is lost, and the connection stays half open.
"""

import json
import random
import subprocess
import sys
from statistics import median
from typing import Any

import pytest

from deploy.local.paths import ROOT
from tests.faults.cable import Place, apart

CUTS, SOAK_CUTS = 3, 25
"""Cuts of each run."""
SOAK_RUNS = 4
"""Runs side by side in the long form: a hundred cuts."""
SECONDS_A_CUT = 15.0
DEAD_WITHIN = 3.5
BACK_WITHIN = 2.0


def begin(cuts: int, seed: int) -> subprocess.Popen[str]:
    command = apart([sys.executable, "-m", "tests.faults.cutting", str(cuts), str(seed)])
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def all_cuts(runs: int, cuts: int, seed: int) -> list[dict[str, Any]]:
    running = [begin(cuts, seed + number) for number in range(runs)]
    found = []
    for process in running:
        said, complaint = process.communicate(timeout=60 + cuts * SECONDS_A_CUT)
        assert process.returncode == 0, complaint
        found += [json.loads(line) for line in said.splitlines()]
    assert len(found) == runs * cuts
    return found


def figure(name: str, values: list[float]) -> str:
    return f"{name}: median {median(values):.2f} s, most {max(values):.2f} s"


@pytest.mark.fault(2)
def test_a_cut_cable_is_noticed_and_cards_are_read_soon_after_it_is_mended(
    soak: bool,  # noqa: FBT001 - a fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = random.SystemRandom().randrange(2**31)
    cuts = all_cuts(SOAK_RUNS, SOAK_CUTS, seed) if soak else all_cuts(1, CUTS, seed)
    declared = [cut["declared_after"] for cut in cuts]
    back = [cut["back_after"] for cut in cuts]
    with capsys.disabled():
        print(f"\n{len(cuts)} cut cables, seed {seed}")  # noqa: T201 - the figures are wanted
        for name, values in (
            ("given up after the cut", declared),
            (
                "the reader busy with its dead client after the mending",
                [c["busy_for"] for c in cuts],
            ),
            ("a fresh read after the reader's return", back),
        ):
            print(figure(name, values))  # noqa: T201 - the same

    # The faults happened: nothing came, what was sent was lost, and nobody was told.
    assert {cut["place"] for cut in cuts} == set(Place)
    assert all(cut["received"] == 0 for cut in cuts)
    assert all(cut["sent_again"] > 0 for cut in cuts)
    assert all(cut["half_open"] for cut in cuts)
    assert max(declared) <= DEAD_WITHIN
    assert max(back) <= BACK_WITHIN
    assert any(cut["replays"] for cut in cuts)
