"""The framer does not mind how the network chops the stream, and holds little."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lane_gateway.devices.llrp.codec import DecodeError, encode, message
from services.lane_gateway.devices.llrp.frames import COMPACT, MAX_FRAME, Framer
from services.lane_gateway.devices.llrp.tables import MESSAGES
from tests.unit.lane_gateway.llrp.samples import sample_message, seeded, tag_report

FRAMES = [encode(sample_message(name, seeded(7))) for name in MESSAGES]


@pytest.mark.fault(8)
def test_one_byte_at_a_time_gives_the_same_frames() -> None:
    framer, got = Framer(), []
    for byte in b"".join(FRAMES[:10]):
        framer.feed(bytes([byte]))
        got += list(framer)
    assert got == FRAMES[:10]
    assert framer.held == 0


@pytest.mark.fault(8)
def test_fifty_frames_in_one_segment_come_out_one_by_one() -> None:
    framer = Framer()
    framer.feed(encode(tag_report()) * 50)
    assert framer.has_frame
    assert list(framer) == [encode(tag_report())] * 50
    assert not framer.has_frame


@given(st.lists(st.integers(1, 900), min_size=1), st.randoms(use_true_random=False))
def test_any_fragmentation_gives_the_same_frames(sizes: list[int], draw: Random) -> None:
    frames = [draw.choice(FRAMES) for _ in range(20)]
    stream, framer, got = b"".join(frames), Framer(), []
    while stream:
        size = draw.choice(sizes)
        framer.feed(stream[:size])
        stream = stream[size:]
        got += list(framer)
    assert got == frames


@pytest.mark.fault(9)
@pytest.mark.parametrize("length", [0, 9, MAX_FRAME + 1, 2**31])
def test_an_impossible_length_is_refused_before_the_bytes_come(length: int) -> None:
    framer = Framer()
    framer.feed(b"\x04\x3e" + length.to_bytes(4) + bytes(4))
    assert framer.has_frame
    with pytest.raises(DecodeError):
        framer.pop()


@pytest.mark.fault(9)
def test_a_frame_longer_than_what_follows_waits() -> None:
    framer = Framer()
    framer.feed(encode(message("KEEPALIVE"))[:-1])
    assert framer.pop() is None
    assert not framer.has_frame


@pytest.mark.fault(9)
def test_a_report_of_half_a_megabyte_passes() -> None:
    tag = tag_report().parameters[0]
    frame = encode(message("RO_ACCESS_REPORT", *[tag] * 8_100))
    assert len(frame) > 500_000
    framer, got = Framer(), []
    for at in range(0, len(frame), 1448):
        framer.feed(frame[at : at + 1448])
        got += list(framer)
    assert got == [frame]


def test_used_bytes_are_let_go() -> None:
    framer = Framer()
    frame = encode(tag_report())
    for _ in range(10_000):
        framer.feed(frame)
        assert framer.pop() == frame
    assert framer.held == 0
    assert len(framer._buffer) <= COMPACT + len(frame)  # noqa: SLF001 - memory has no other door


@pytest.mark.fault(5)
def test_another_protocol_is_noticed_by_its_first_bytes() -> None:
    framer = Framer()
    framer.feed(b"HTTP/1.1 400 Bad Request\r\n")
    with pytest.raises(DecodeError):
        framer.pop()
