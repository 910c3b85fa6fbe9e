"""What a session makes of what its reader says."""

import pytest

from services.lane_gateway.devices.llrp import errands
from services.lane_gateway.devices.llrp.codec import (
    Bits,
    Message,
    Parameter,
    encode,
    message,
    parameter,
)
from services.lane_gateway.devices.llrp.requests import TARGETED_OPERATION
from services.lane_gateway.devices.llrp.settings import (
    FRAME_SECONDS,
)
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.simulator.reader_profile import PROFILES, Profile
from services.lane_gateway.simulator.reader_refusal import status
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderLost
from tests.unit.lane_gateway.llrp.bench import CARD, ROSPEC_ID, Bench, kinds, reads
from tests.unit.lane_gateway.llrp.samples import tag_report
from tests.unit.lane_gateway.llrp.session_messages import (
    KIND,
    aged_report,
    dribble,
    event,
    fresh_report,
)


@pytest.mark.fault(9)
def test_a_length_that_cannot_be_loses_the_link() -> None:
    bench = Bench().open()
    bench.session.receive(bytes.fromhex("043e80000000") + bytes(4), bench.now)
    with pytest.raises(ReaderLost, match="lost its place"):
        bench.session.work(bench.now)


@pytest.mark.fault(9)
def test_a_frame_that_never_ends_loses_the_link() -> None:
    bench = Bench().open()
    bench.deaf = True
    with pytest.raises(ReaderLost, match="did not end it"):
        dribble(bench, encode(fresh_report()))
    assert bench.now - 1000.3 <= FRAME_SECONDS + 1


@pytest.mark.fault(10)
def test_unknown_and_malformed_messages_are_passed_over() -> None:
    bench = Bench().open()
    bench.hear(
        message("Unknown", Type=801, Data=b"\x01"),
        message("CUSTOM_MESSAGE", VendorIdentifier=25882, MessageSubtype=99, Data=b"x"),
    )
    bench.session.receive(bytes.fromhex("043d0000000e0000000100f00003"), bench.now)
    bench.hear(fresh_report())
    found = bench.run(0.05)
    assert len(reads(found)) == 1
    assert bench.session.malformed == 1
    assert KIND.OTHER in kinds(found)


@pytest.mark.fault(12)
def test_an_error_message_out_of_the_blue_is_told() -> None:
    bench = Bench().open()
    bench.hear(message("ERROR_MESSAGE", status("R_DeviceError"), id=99))
    assert KIND.EXCEPTION in kinds(bench.run(0.05))


@pytest.mark.fault(13)
def test_an_antenna_that_is_lost_is_told_and_told_when_it_is_back() -> None:
    bench = Bench().open()
    bench.machine.set_antenna(2, connected=False)
    bench.machine.set_antenna(2, connected=True)
    found = [e for e in bench.run(0.1) if isinstance(e, ReaderEvent)]
    assert [(e.kind, e.port) for e in found] == [
        (KIND.ANTENNA_LOST, 2),
        (KIND.ANTENNA_CONNECTED, 2),
    ]


@pytest.mark.fault(14)
def test_a_full_memory_and_a_readers_trouble_are_told_without_a_cards_number() -> None:
    bench = Bench().open()
    bench.hear(
        event(parameter("ReportBufferLevelWarningEvent", ReportBufferPercentageFull=90)),
        event(parameter("ReportBufferOverflowErrorEvent")),
        event(
            parameter(
                "ReaderExceptionEvent",
                parameter("AntennaID", AntennaID=3),
                Message="tag 000102030405060708090A0B at 70 \udcb0C",
            )
        ),
    )
    filling, overflow, trouble = (e for e in bench.run(0.05) if isinstance(e, ReaderEvent))
    assert (filling.kind, filling.detail) == (KIND.BUFFER_FILLING, "90 % full")
    assert overflow.kind == KIND.BUFFER_OVERFLOW
    assert (trouble.kind, trouble.port) == (KIND.EXCEPTION, 3)
    assert trouble.detail == "tag ... at 70 \N{REPLACEMENT CHARACTER}C"


def test_an_input_is_told() -> None:
    bench = Bench().open()
    bench.machine.set_input(1, high=True, now=bench.now)
    bench.machine.set_input(1, high=False, now=bench.now)
    assert kinds(bench.run(0.05)) == [KIND.INPUT_HIGH, KIND.INPUT_LOW]


@pytest.mark.fault(15)
@pytest.mark.parametrize("offset", [-1.76e9, 86_400.0])
def test_a_clock_far_away_is_told_and_judges_nothing(offset: float) -> None:
    bench = Bench(Profile(clock_offset=offset))
    bench.machine.connect(bench.now)
    found = bench.run(0.3)
    assert any("clock" in e.detail for e in found if isinstance(e, ReaderEvent))
    assert bench.session.health(bench.now).clock_offset is None
    bench.field.place(CARD)
    assert {read.replay for read in reads(bench.run(0.1))} == {False}


@pytest.mark.fault(15)
def test_a_reader_that_counts_from_its_start_gives_no_time() -> None:
    bench = Bench(PROFILES["oldest"]).open()
    bench.field.place(CARD)
    read = reads(bench.run(0.1))[0]
    assert read.first_seen is None
    assert not read.replay
    assert bench.session.health(bench.now).clock_offset is None


@pytest.mark.fault(15)
def test_an_old_report_by_a_clock_in_step_is_a_replay() -> None:
    bench = Bench().open()
    bench.hear(aged_report(6.0, bench.wall()), aged_report(1.0, bench.wall()))
    assert [read.replay for read in reads(bench.run(0.05))] == [True, False]


@pytest.mark.fault(15)
def test_a_clock_that_jumps_back_stops_judging_after_a_while() -> None:
    bench = Bench().open()
    verdicts = []
    for _ in range(240):
        bench.hear(aged_report(3600.0, bench.wall()))
        verdicts += [read.replay for read in reads(bench.run(0.05))]
    assert verdicts[0] is True
    assert verdicts[-1] is False
    assert bench.session.health(bench.now).clock_offset is None


@pytest.mark.fault(17)
@pytest.mark.parametrize("bits", [0, 62, 96, 128, 496])
def test_a_report_with_any_card_number_and_little_else_is_read(bits: int) -> None:
    bench = Bench().open()
    number = bytes(range(1, (bits + 7) // 8 + 1))
    tag = parameter(
        "TagReportData",
        parameter("EPCData", EPC=Bits(bits, number)),
        parameter("ROSpecID", ROSpecID=ROSPEC_ID),
        parameter("AccessSpecID", AccessSpecID=0),
    )
    bench.hear(message("RO_ACCESS_REPORT", tag), message("RO_ACCESS_REPORT"))
    (read,) = reads(bench.run(0.05))
    assert (read.epc, read.antenna, read.tid, read.rssi) == (number, None, None, None)


def test_one_chip_is_read_on_demand_while_others_are_reported() -> None:
    bench = Bench().open()
    other = Tag(epc=b"\x07" * 12, tid=b"\x08" * 12, antenna=2)
    bench.field.place(CARD)
    bench.field.place(other)
    session = bench.session
    errand = errands.ReadTid(session.voice, ROSPEC_ID, other.epc, 6)
    session.begin(errand.run(1.0), bench.now)
    found = bench.run(0.3)
    assert errand.data == other.tid
    assert {read.epc for read in reads(found)} == {CARD.epc, other.epc}
    assert len(bench.machine.access.described()) == 1
    assert reads(bench.run(0.1))[0].tid == CARD.tid


def test_the_chip_of_a_card_that_is_not_there_is_not_read() -> None:
    bench = Bench().open()
    session = bench.session
    errand = errands.ReadTid(session.voice, ROSPEC_ID, CARD.epc, 6)
    session.begin(errand.run(0.2), bench.now)
    bench.run(0.5)
    assert errand.data is None
    assert not session.dialogue.busy


def test_the_answer_of_another_chip_is_not_taken_for_it() -> None:
    bench = Bench().open()
    session = bench.session
    session.begin(errands.ReadTid(session.voice, ROSPEC_ID, CARD.epc, 6).run(5), bench.now)
    whole = tag_report(rospec=ROSPEC_ID, epc=b"\x55" * 12)
    inner = [p for p in whole.parameters[0].parameters if p.name != "C1G2ReadOpSpecResult"]
    stray = parameter(
        "C1G2ReadOpSpecResult", OpSpecID=TARGETED_OPERATION, Result=0, ReadData=b"\xaa" * 12
    )
    bench.run(0.1)
    bench.hear(Message("RO_ACCESS_REPORT", {}, [Parameter("TagReportData", {}, [*inner, stray])]))
    bench.run(0.1)
    assert session.dialogue.busy
