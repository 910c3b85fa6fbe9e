"""Chips are challenged on a real socket, while other cards are read on."""

import time
from dataclasses import replace

import pytest

from services.lane_gateway.devices.chip import LlrpChipAuthenticator
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.domain.evidence import ChipReply, ChipReplyKind
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_chip import ChipManner, SimulatedChip
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES
from services.lane_gateway.use_cases.chip_ports import ChipAuthenticator
from tests.integration.lane_gateway.llrp.conftest import collect, has_read, opened, reads

KEY = bytes(range(16))
CHALLENGE = b"\xc4" * 10
CARD = Tag(epc=bytes(range(12)), tid=b"\xe2\x80\x11\x05" * 3, chip=SimulatedChip(KEY))
OTHER = Tag(epc=b"\x09" * 12, tid=b"\x0a" * 12, antenna=2)
LIFE = 0.5


@pytest.fixture
def chips(simulator: ReaderSimulator, reader: LlrpReader) -> LlrpChipAuthenticator:
    opened(reader)
    simulator.field.place(OTHER)
    collect(reader, 2, has_read)
    return LlrpChipAuthenticator(reader)


def reply_of(chips: LlrpChipAuthenticator, reader: LlrpReader, within: float = 3.0) -> ChipReply:
    end = time.monotonic() + within
    while time.monotonic() < end:
        collect(reader, 0.02)
        if (reply := chips.reply()) is not None:
            return reply
    raise AssertionError("there was no reply")


def as_needed(chips: ChipAuthenticator) -> ChipAuthenticator:
    return chips


def test_the_authenticator_is_what_the_lane_needs(chips: LlrpChipAuthenticator) -> None:
    assert as_needed(chips).reply() is None


@pytest.mark.statement(40)
def test_a_chip_proves_its_key_and_nothing_waits_for_it(
    simulator: ReaderSimulator, reader: LlrpReader, chips: LlrpChipAuthenticator
) -> None:
    simulator.field.place(CARD)
    began = time.monotonic()
    assert chips.begin(CARD.epc, CHALLENGE, LIFE)
    assert time.monotonic() - began < 0.05
    assert not chips.begin(OTHER.epc, CHALLENGE, LIFE), "one at a time"
    reply = reply_of(chips, reader)
    assert (reply.epc, reply.kind) == (CARD.epc, ChipReplyKind.ANSWERED)
    assert chips.proves(KEY, CHALLENGE, reply.answer)
    assert not chips.proves(bytes(16), CHALLENGE, reply.answer)
    assert reply.arrived - began < LIFE
    assert chips.reply() is None
    assert {read.epc for read in reads(collect(reader, 0.3))} == {CARD.epc, OTHER.epc}


@pytest.mark.statement(41)
@pytest.mark.parametrize(
    ("manner", "kind"),
    [(ChipManner.SILENT, ChipReplyKind.SILENT), (ChipManner.WRONG, ChipReplyKind.ANSWERED)],
)
def test_a_silent_chip_and_a_forged_one_are_told_apart(
    simulator: ReaderSimulator,
    reader: LlrpReader,
    chips: LlrpChipAuthenticator,
    manner: ChipManner,
    kind: ChipReplyKind,
) -> None:
    simulator.field.place(replace(CARD, chip=SimulatedChip(KEY, manner)))
    assert chips.begin(CARD.epc, CHALLENGE, LIFE)
    reply = reply_of(chips, reader)
    assert reply.kind is kind
    assert not chips.proves(KEY, CHALLENGE, reply.answer)


@pytest.mark.statement(41)
def test_a_chip_that_is_away_is_absent(reader: LlrpReader, chips: LlrpChipAuthenticator) -> None:
    assert chips.begin(CARD.epc, CHALLENGE, 0.2)
    assert reply_of(chips, reader).kind is ChipReplyKind.ABSENT


def test_a_reader_that_dies_meanwhile_has_sent_nothing(reader: LlrpReader) -> None:
    now = [0.0]
    chips = LlrpChipAuthenticator(reader, monotonic=lambda: now[0])
    assert not chips.begin(CARD.epc, CHALLENGE, LIFE), "there is no session yet"
    opened(reader)
    assert chips.begin(CARD.epc, CHALLENGE, LIFE)
    reader.close()
    assert chips.reply() is None
    now[0] = 10.0
    reply = chips.reply()
    assert reply is not None
    assert (reply.kind, reply.answer) == (ChipReplyKind.NOT_SENT, b"")


def test_a_reader_that_knows_no_challenges_has_sent_nothing() -> None:
    with ReaderSimulator(PROFILES["zebra"]) as simulator:
        reader = opened(LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port)))
        chips = LlrpChipAuthenticator(reader)
        simulator.field.place(CARD)
        assert chips.begin(CARD.epc, CHALLENGE, LIFE)
        assert reply_of(chips, reader).kind is ChipReplyKind.NOT_SENT
        reader.close()
