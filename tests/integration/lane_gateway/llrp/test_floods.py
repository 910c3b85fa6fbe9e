"""A hundred thousand damaged frames do no harm, and use up no memory.

The codec knows one error; a session goes on or is lost, and the next one works.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.codec import DecodeError, Message, decode, encode
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.simulator.reader import ReaderSimulator
from services.lane_gateway.simulator.reader_field import Tag
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderLost
from tests.integration.lane_gateway.llrp.conftest import collect, opened, reads
from tests.unit.lane_gateway.llrp.bench import CARD, Bench
from tests.unit.lane_gateway.llrp.damage import damaged
from tests.unit.lane_gateway.llrp.samples import sample_message, seeded, tag_report
from tests.unit.lane_gateway.llrp.test_foreign_vectors import VECTORS

FLOOD = 100_000
WARM = 10_000
"""Frames before memory is measured: what is made once is made by then."""
MOST_GROWTH = 8 << 20
"""Bytes; a tenth of the frames kept would be more."""
SECONDS_A_FRAME = 0.05
"""So that a session which waits for the end of a frame that has none gives up within 200 others."""
ON_A_SOCKET = 5_000
A_PIECE = 50
"""Damaged frames sent in one go."""


def whole_frames(seed: int) -> list[bytes]:
    """Frames of every message, of ours and of llrpkit's making, and many reports."""
    draw = seeded(seed)
    frames = [encode(sample_message(name, draw)) for name in MESSAGES for _ in range(6)]
    frames += [bytes.fromhex(digits) for _, digits in VECTORS]
    return frames + [encode(tag_report())] * 60


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def flood(seed: int, *, honest: float = 0.9) -> Iterator[bytes]:
    draw = seeded(seed)
    frames = whole_frames(seed)
    while True:
        yield damaged(draw.choice(frames), draw, honest=honest)


def is_passed_over(came: object) -> bool:
    return isinstance(came, ReaderEvent) and "cannot be read" in came.detail


def understood(frame: bytes) -> Message | None:
    try:
        return decode(frame)
    except DecodeError:
        return None


@pytest.mark.fault(9)
def test_the_codec_refuses_or_reads_every_damaged_frame_and_keeps_none() -> None:
    torn = flood(20_261_125)
    refused, before = 0, 0
    for number in range(FLOOD):
        if number == WARM:
            before = resident()
        message = understood(next(torn))
        if message is None:
            refused += 1
        else:
            # What was read can be written, in the standard's order, and read again.
            frame = encode(message)
            assert encode(decode(frame)) == frame
    assert FLOOD * 0.3 < refused < FLOOD * 0.9
    assert resident() - before < MOST_GROWTH


@pytest.mark.fault(9)
def test_a_session_goes_on_or_is_lost_under_the_flood_and_cards_are_read_after_it() -> None:
    torn = flood(20_261_126, honest=0.99)
    bench, lost, passed_over, before = Bench().open(), 0, 0, 0
    for number in range(FLOOD):
        if number == WARM:
            before = resident()
        bench.now += SECONDS_A_FRAME
        try:
            bench.session.receive(next(torn), bench.now)
            bench.session.work(bench.now)
        except ReaderLost:
            lost += 1
            passed_over += bench.session.malformed
            bench = Bench().open()
        bench.session.take()
    assert resident() - before < MOST_GROWTH
    assert 1_000 < lost < FLOOD // 5
    assert passed_over > FLOOD // 10
    again = Bench().open()
    again.field.place(CARD)
    assert {read.epc for read in reads(again.run(0.5))} == {CARD.epc}


@pytest.mark.fault(9)
def test_cards_are_read_on_the_same_connection_between_damaged_frames_of_the_right_length(
    simulator: ReaderSimulator, reader: LlrpReader
) -> None:
    opened(reader)
    torn, lost, passed_over = flood(20_261_127, honest=1.0), 0, 0
    for _ in range(ON_A_SOCKET // A_PIECE):
        piece = [frame for frame in (next(torn) for _ in range(A_PIECE)) if len(frame) >= 10]
        simulator.inject(b"".join(piece))
        try:
            passed_over += sum(is_passed_over(came) for came in collect(reader, 0.02))
        except ReaderLost:
            # Among them are messages that end an inventory by what they say.
            lost += 1
            opened(reader)
    assert passed_over > ON_A_SOCKET // 20
    card = Tag(epc=b"\x31" * 12, tid=b"\xe2\x80\x11\x05" * 3)
    simulator.field.place(card)
    found = collect(reader, 2, lambda found: any(read.epc == card.epc for read in reads(found)))
    assert card.epc in {read.epc for read in reads(found) if not read.replay}
    assert lost < ON_A_SOCKET // A_PIECE // 2
