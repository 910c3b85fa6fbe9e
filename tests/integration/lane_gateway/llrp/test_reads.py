"""Our client reads cards from a reader on a real socket."""

import select
import time

import pytest

from services.lane_gateway.devices.llrp.reader import ChipSilent, LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.simulator.reader import ReaderSimulator, exception_event
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES
from services.lane_gateway.use_cases.ports import (
    ReaderEvent,
    ReaderEventKind,
    ReaderLost,
    ReaderRefused,
    TagReader,
)
from tests.integration.lane_gateway.llrp.conftest import collect, has_read, opened, reads

CARD = Tag(epc=bytes(range(12)), tid=b"\xe2\x80\x11\x05" * 3, rssi=-48)


def test_the_client_is_what_the_lane_needs(reader: LlrpReader) -> None:
    needed: TagReader = reader
    assert needed.fileno() == -1


@pytest.mark.parametrize("profile", ["standard", "oldest", "impinj", "zebra"])
def test_a_card_is_read_with_its_chip_from_every_kind_of_reader(profile: str) -> None:
    with ReaderSimulator(PROFILES[profile]) as simulator:
        reader = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port))
        opened(reader)
        placed = time.monotonic()
        simulator.field.place(CARD)
        read = reads(collect(reader, 2, has_read))[0]
        reader.close()
    assert (read.epc, read.tid, read.antenna, read.rssi) == (CARD.epc, CARD.tid, 1, -48.0)
    assert read.arrived - placed < 1.0


@pytest.mark.fault(18)
def test_a_card_that_stays_is_reported_again_and_again_and_not_after_it_left(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    simulator.field.place(CARD)
    assert len(reads(collect(reader, 0.5))) > 4
    simulator.field.remove(CARD)
    collect(reader, 0.1)
    assert reads(collect(reader, 0.2)) == []


@pytest.mark.fault(21)
def test_a_silent_chip_is_unread_in_reports_and_when_asked_for(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    simulator.field.place(Tag(epc=CARD.epc, tid=CARD.tid, silent_tid=True))
    assert reads(collect(reader, 2, has_read))[0].tid is None
    with pytest.raises(ChipSilent):
        reader.read_tid(CARD.epc, 6, 0.3)


def test_a_chip_is_read_on_demand_and_other_reads_are_kept(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    other = Tag(epc=b"\x09" * 12, tid=b"\x0a" * 12, antenna=2)
    simulator.field.place(CARD)
    simulator.field.place(other)
    assert reader.read_tid(other.epc, 6, 2.0) == other.tid
    assert reader.pending()
    assert CARD.epc in {read.epc for read in reads(reader.poll(0))}


def test_an_output_is_set(simulator: ReaderSimulator, reader: LlrpReader) -> None:
    opened(reader)
    reader.set_gpo(2, True)  # noqa: FBT003 - the port's own signature
    assert simulator.output(2)
    reader.set_gpo(2, False)  # noqa: FBT003 - the port's own signature
    assert not simulator.output(2)


def test_an_output_that_is_not_there_is_refused_and_the_session_goes_on(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    with pytest.raises(ReaderRefused):
        reader.set_gpo(99, True)  # noqa: FBT003 - the port's own signature
    simulator.field.place(CARD)
    assert collect(reader, 2, has_read)


def test_a_chip_is_not_waited_for_longer_than_allowed(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    collect(reader, 0.1)
    simulator.freeze()
    started = time.monotonic()
    with pytest.raises(ChipSilent):
        reader.read_tid(CARD.epc, 6, 0.2)
    assert time.monotonic() - started < 0.5


def test_the_socket_wakes_the_lanes_own_loop(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    collect(reader, 0.1)
    loop = select.poll()
    loop.register(reader.fileno(), select.POLLIN)
    simulator.field.place(CARD)
    assert loop.poll(1000)
    assert collect(reader, 0.5, has_read)
    assert reader.due() > time.monotonic()


@pytest.mark.fault(13)
@pytest.mark.fault(14)
def test_events_of_the_reader_arrive(simulator: ReaderSimulator, reader: LlrpReader) -> None:
    opened(reader)
    simulator.set_antenna(1, connected=False)
    simulator.set_input(3, high=True)
    simulator.announce(exception_event("hot", 1))
    found = [e for e in collect(reader, 0.3) if isinstance(e, ReaderEvent)]
    told = {(e.kind, e.port) for e in found}
    assert (ReaderEventKind.ANTENNA_LOST, 1) in told
    assert (ReaderEventKind.INPUT_HIGH, 3) in told
    assert (ReaderEventKind.EXCEPTION, 1) in told


@pytest.mark.fault(8)
def test_bytes_one_at_a_time_and_many_reports_at_once_are_read(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    simulator.send_in_pieces(1)
    opened(reader)
    simulator.field.place(CARD)
    assert reads(collect(reader, 2, has_read))
    simulator.send_in_pieces(None)
    for number in range(50):
        simulator.field.place(Tag(epc=number.to_bytes(12), tid=CARD.tid))
    seen = {read.epc for read in reads(collect(reader, 1.0))}
    assert {number.to_bytes(12) for number in range(50)} <= seen


def test_without_a_session_there_is_nothing_to_poll(reader: LlrpReader) -> None:
    with pytest.raises(ReaderLost):
        reader.poll(0)
    assert not reader.health().live
    reader.close()
    reader.close()


def test_closing_frees_the_reader_for_the_next_client_at_once(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    reader.close()
    other = LlrpReader(ReaderAddress(host=simulator.host, port=simulator.port))
    opened(other)
    other.close()
