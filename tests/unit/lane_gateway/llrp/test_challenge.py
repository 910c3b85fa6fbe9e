"""A chip is challenged through the reader's session, and what becomes of it is told apart."""

from dataclasses import replace

import pytest

from services.lane_gateway.devices.llrp.chip_errand import Authenticate
from services.lane_gateway.devices.llrp.chip_requests import OPERATION
from services.lane_gateway.devices.llrp.codec import Bits, decode, encode, message, parameter
from services.lane_gateway.devices.llrp.tags import MemoryRead, sighting
from services.lane_gateway.simulator.reader_chip import ChipManner, SimulatedChip
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES
from shared.crypto.tam1 import tam1_message, tam1_proves
from tests.unit.lane_gateway.llrp.bench import CARD, ROSPEC_ID, Bench, reads
from tests.unit.lane_gateway.llrp.samples import tag_report

KEY = bytes(range(16))
CHALLENGE = bytes(range(10))


def with_chip(manner: ChipManner = ChipManner.HONEST) -> Tag:
    return replace(CARD, chip=SimulatedChip(KEY, manner))


def challenged(bench: Bench, challenge: bytes = CHALLENGE, epc: bytes = CARD.epc) -> Authenticate:
    errand = Authenticate(bench.session.voice, ROSPEC_ID, epc, tam1_message(challenge))
    bench.session.begin(errand.run(0.5), bench.now)
    bench.run(1.0)
    assert errand.over
    assert not bench.session.dialogue.busy
    return errand


@pytest.mark.statement(40)
def test_a_chip_answers_the_hosts_challenge_and_is_read_on_afterwards() -> None:
    bench = Bench().open()
    bench.field.place(with_chip())
    errand = challenged(bench)
    assert errand.answer is not None
    assert tam1_proves(KEY, CHALLENGE, errand.answer)
    assert len(bench.machine.access.described()) == 1
    assert reads(bench.run(0.1))[0].tid == CARD.tid


@pytest.mark.statement(40)
def test_two_challenges_have_two_answers_and_a_replay_proves_nothing() -> None:
    bench = Bench().open()
    bench.field.place(with_chip(ChipManner.REPLAY))
    first, second = challenged(bench).answer, challenged(bench, b"\xaa" * 10).answer
    assert first is not None
    assert first == second
    assert not tam1_proves(KEY, b"\xaa" * 10, first)


@pytest.mark.statement(41)
def test_a_chip_that_is_there_and_silent_is_told_from_one_that_is_away() -> None:
    bench = Bench().open()
    bench.field.place(with_chip(ChipManner.SILENT))
    silent = challenged(bench)
    bench.field.clear()
    away = challenged(bench)
    assert (silent.granted, silent.present, silent.answer) == (True, True, None)
    assert (away.granted, away.present, away.answer) == (True, False, None)


@pytest.mark.statement(41)
def test_a_chip_that_was_killed_is_away() -> None:
    bench = Bench().open()
    tag = with_chip()
    bench.field.place(tag)
    bench.run(0.2)
    bench.field.change(tag, None)
    assert not challenged(bench).present


@pytest.mark.parametrize("profile", ["oldest", "impinj", "zebra"])
def test_a_reader_that_knows_no_challenges_refuses_and_reads_on(profile: str) -> None:
    bench = Bench(PROFILES[profile]).open()
    bench.field.place(with_chip())
    errand = challenged(bench)
    assert (errand.granted, errand.answer) == (False, None)
    assert reads(bench.run(0.2))[0].tid == CARD.tid


def test_the_answer_of_another_chip_is_not_taken_for_it() -> None:
    bench = Bench().open()
    other = replace(with_chip(), epc=b"\x07" * 12, antenna=2)
    bench.field.place(other)
    assert challenged(bench).answer is None
    assert other.chip is not None
    assert other.chip.asked == 0


@pytest.mark.parametrize("size", [8, 128])
def test_both_ways_of_reading_a_report_give_the_same_answer(size: int) -> None:
    result = parameter(
        "C1G2AuthenticateOpSpecResult",
        OpSpecID=OPERATION,
        ReceivedData=Bits(size, b"\x5a" * (size // 8)),
    )
    plain = tag_report(rospec=ROSPEC_ID).parameters[0]
    inner = [p for p in plain.parameters if p.name != "C1G2ReadOpSpecResult"]
    report = parameter("TagReportData", *inner, result)
    frame = encode(message("RO_ACCESS_REPORT", report))
    expected = (MemoryRead(OPERATION, 0, b"\x5a" * (size // 8)),)
    assert sighting(report).answers == expected
    for _ in range(2):
        (read,) = decode(frame).parameters
        assert sighting(read).answers == expected
        assert sighting(read).reads == ()
