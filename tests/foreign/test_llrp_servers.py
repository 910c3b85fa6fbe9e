"""Our session runs against a reader that others wrote."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import START_EVENT_SECONDS, ReaderAddress
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.use_cases.ports import ReaderBusy
from tests.foreign.processes import HOST, PROGRAMS, ServingProgram, foreign_python

EPCS = ("e28011700000020000000a01", "e28011700000020000000a02")
IMPINJ = 25882
READS = 50


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[ServingProgram]:
    command: list[str | Path] = [foreign_python(), PROGRAMS / "llrpkit_reader.py", *EPCS]
    with ServingProgram(command, tmp_path / "emulator.log") as running:
        yield running


@pytest.fixture
def reader(emulator: ServingProgram) -> Iterator[LlrpReader]:
    ours = LlrpReader(ReaderAddress(host=HOST, port=emulator.port))
    yield ours
    ours.close()


def read(reader: LlrpReader, wanted: int) -> tuple[list[TagRead], float]:
    """Return so many reads, and how long after the start the first of them came."""
    found: list[TagRead] = []
    started, first = time.monotonic(), 0.0
    while len(found) < wanted:
        assert time.monotonic() - started < 15, "the foreign reader's tags do not come"
        found += [came for came in reader.poll(0.1) if isinstance(came, TagRead)]
        if found and not first:
            first = time.monotonic() - started
    return found, first


def test_our_session_reads_cards_and_chips_from_llrpkits_emulator(reader: LlrpReader) -> None:
    info = reader.open(time.monotonic() + 5)
    assert (info.vendor, info.antennas, info.protocol_version) == (IMPINJ, 4, 1)

    found, first = read(reader, READS)

    counts = Counter(came.epc.hex() for came in found)
    assert set(counts) == set(EPCS)
    assert min(counts.values()) > READS // 5
    # The emulator's chips tell a maker's number and the end of the card's.
    assert {came.epc.hex(): came.tid for came in found} == {
        epc: bytes.fromhex("e2801105" + epc[-16:]) for epc in EPCS
    }
    assert {(came.antenna, came.replay) for came in found} == {(1, False)}
    # It neither names the inventory nor announces it: what came first might have been old.
    assert first > START_EVENT_SECONDS - 0.5
    assert reader.health().dropped_replays > 0


def test_the_foreign_reader_is_kept_alive_and_let_go_of(
    emulator: ServingProgram, reader: LlrpReader
) -> None:
    reader.open(time.monotonic() + 5)
    second = LlrpReader(ReaderAddress(host=HOST, port=emulator.port))
    with pytest.raises(ReaderBusy):
        second.open(time.monotonic() + 5)
    # Longer than three keepalives: a session that took none for a sign of life would be dead.
    end = time.monotonic() + 4
    while time.monotonic() < end:
        reader.poll(0.2)
    health = reader.health()
    assert (health.live, health.missed_keepalives) == (True, 0)
    reader.close()

    second.open(time.monotonic() + 5)
    assert read(second, 1)[0]
    second.close()
