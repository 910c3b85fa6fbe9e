import pytest

from deploy.local.mutants import Mutant, load
from deploy.local.paths import ROOT


@pytest.mark.parametrize("mutant", load(), ids=lambda mutant: mutant.shows)
def test_a_planted_fault_still_has_its_place_and_its_tests(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")

    assert text.count(mutant.old) == 1, f"{mutant.file} has changed: plant the fault anew"
    assert mutant.old != mutant.new
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists(), test
