"""Programs that others wrote read cards from our simulated reader; then it serves the next one."""

from collections.abc import Iterator

import pytest

from tests.foreign.processes import HOST, SimulatorProcess, run_program

CARDS = {
    "e28011700000020000000a01": "e28011050000000000000001",
    "e28011700000020000000a02": "e28011050000000000000002",
    "30f4ab12cd0045e100000c03": "e28011050000000000000003",
}
REPORTS = 9


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path_factory.mktemp("simulator")) as running:
        running.place(CARDS)
        yield running


def read_with(name: str, simulator: SimulatorProcess) -> dict[str, object]:
    assert not simulator.lane()["reader_connected"]
    said = run_program(name, HOST, str(simulator.reader), str(len(CARDS)), str(REPORTS))
    assert not simulator.lane()["reader_connected"], "it does not let go of the reader"
    in_field = [line for line in simulator.truth() if line["what"] == "card_in_field"]
    assert len(in_field) == len(CARDS)
    seen = said["epcs"]
    assert isinstance(seen, dict)
    said["epcs"] = {epc.lower(): times for epc, times in seen.items()}
    return said


def is_whole(counts: object) -> bool:
    """Every card of the field and no other; each in each round but perhaps the last."""
    assert isinstance(counts, dict)
    assert set(counts) == set(CARDS)
    assert sum(counts.values()) >= REPORTS
    return bool(max(counts.values()) - min(counts.values()) <= 1)


@pytest.mark.parametrize("again", [1, 2])
def test_sllurp_reads_cards_and_their_chips(simulator: SimulatorProcess, again: int) -> None:
    said = read_with("sllurp_client.py", simulator)

    assert is_whole(said["epcs"]), again
    assert said["tids"] == CARDS
    assert (said["antennas"], said["alive"]) == (4, False)


@pytest.mark.parametrize("again", [1, 2])
def test_pyllrp_reads_cards_round_by_round(simulator: SimulatorProcess, again: int) -> None:
    said = read_with("pyllrp_client.py", simulator)

    assert is_whole(said["epcs"]), again
    assert (said["antennas"], said["goodbye"]) == (4, True)


@pytest.mark.parametrize("again", [1, 2])
def test_llrpkit_reads_cards_and_their_chips(simulator: SimulatorProcess, again: int) -> None:
    said = read_with("llrpkit_client.py", simulator)

    assert is_whole(said["epcs"]), again
    assert said["tids"] == CARDS
    assert (said["antennas"], said["extended"]) == (4, False)
