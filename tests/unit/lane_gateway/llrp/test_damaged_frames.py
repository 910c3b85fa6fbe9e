"""Whatever comes down the wire, decoding gives a message or ``DecodeError``."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lane_gateway.devices.llrp.codec import DecodeError, Message, decode, encode
from services.lane_gateway.devices.llrp.messages import HEADER_BYTES
from services.lane_gateway.devices.llrp.parameters import read_body
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.use_cases.ports import ReaderLost
from tests.unit.lane_gateway.llrp.bench import Bench
from tests.unit.lane_gateway.llrp.damage import damaged
from tests.unit.lane_gateway.llrp.samples import sample_message, seeded, tag_report

DAMAGED = 5_000


@pytest.mark.fault(9)
def test_damaged_frames_raise_nothing_but_decode_error() -> None:
    draw = seeded(20_261_124)
    whole = [encode(sample_message(name, draw)) for name in MESSAGES for _ in range(6)]
    whole += [encode(tag_report())] * 60
    refused = 0
    for _ in range(DAMAGED):
        try:
            message = decode(damaged(draw.choice(whole), draw))
        except DecodeError:
            refused += 1
        else:
            encode(message)
    assert DAMAGED * 0.3 < refused < DAMAGED


@given(st.binary(max_size=200))
def test_any_bytes_raise_nothing_but_decode_error(body: bytes) -> None:
    frame = body[:2] + (len(body) + 4).to_bytes(4) + body[2:] if len(body) >= 6 else body
    try:
        assert isinstance(decode(frame), Message)
    except DecodeError as error:
        assert error.code == "llrp_unreadable"  # noqa: PT017 - either outcome is right


@pytest.mark.fault(9)
@pytest.mark.parametrize("length", [0, 9, 11, 2**31, 2**32 - 1])
def test_a_length_other_than_the_frames_own_is_refused(length: int) -> None:
    frame = bytes.fromhex("043e") + length.to_bytes(4) + bytes(4)
    with pytest.raises(DecodeError):
        decode(frame)


@pytest.mark.fault(9)
@pytest.mark.parametrize(
    "body",
    [
        "00f0",  # a header cut off
        "00f00003",  # a length below its own header
        "00f0ffff",  # longer than what follows
        "00f00004",  # a report without a number
        "0009000800000001",  # a TV type dressed as TLV
        "00f00005f2",  # a TV parameter that nobody knows cannot be skipped
        "00f000068900",  # a TV parameter cut off
        "00f0001100f1000d00608d0102030405",  # more bits announced than there are
    ],
)
def test_a_report_with_a_parameter_that_does_not_fit_is_refused(body: str) -> None:
    content = bytes.fromhex(body)
    with pytest.raises(DecodeError):
        decode(bytes.fromhex("043d") + (10 + len(content)).to_bytes(4) + bytes(4) + content)


def test_errors_nested_without_end_are_refused() -> None:
    inner = b""
    for _ in range(2_000):
        inner = (289).to_bytes(2) + (8 + len(inner)).to_bytes(2) + bytes(4) + inner
    status = (287).to_bytes(2) + (8 + len(inner)).to_bytes(2) + bytes(4) + inner
    with pytest.raises(DecodeError, match="nested"):
        decode(bytes.fromhex("0464") + (10 + len(status)).to_bytes(4) + bytes(4) + status)


def test_a_missing_or_doubled_parameter_is_refused() -> None:
    no_status = bytes.fromhex("041e0000000a00000001")
    with pytest.raises(DecodeError, match="LLRPStatus"):
        decode(no_status)
    status = bytes.fromhex("011f000800000000")
    with pytest.raises(DecodeError, match="LLRPStatus"):
        decode(bytes.fromhex("041e0000001a00000001") + status + status)


def slowly(frame: bytes) -> Message | None:
    """Read a report without the fast path for tags."""
    plan = MESSAGES["RO_ACCESS_REPORT"]
    try:
        fields, parameters = read_body(plan, frame, HEADER_BYTES, len(frame))
    except DecodeError:
        return None
    return Message(plan.name, fields, parameters, id=int.from_bytes(frame[6:10]))


def fast(frame: bytes) -> Message | None:
    try:
        return decode(frame)
    except DecodeError:
        return None


def test_the_fast_path_reads_what_the_slow_path_reads() -> None:
    draw = seeded(5)
    whole = [encode(tag_report())]
    whole += [encode(sample_message("RO_ACCESS_REPORT", draw)) for _ in range(40)]
    for frame in whole * 2:
        message = decode(frame)
        assert slowly(frame) == Message(message.name, {}, message.parameters, id=message.id)
    for _ in range(2_000):
        torn = damaged_body(draw.choice(whole), draw)
        assert fast(torn) == slowly(torn)


def damaged_body(frame: bytes, draw: Random) -> bytes:
    """Damage a report behind its header, whose version and type stay as they are."""
    torn = bytearray(damaged(frame[10:] + b"\0", draw))
    return b"\x04\x3d" + (len(torn) + 10).to_bytes(4) + bytes(4) + torn


@pytest.mark.fault(9)
def test_a_session_that_hears_damaged_messages_goes_on_or_is_lost() -> None:
    draw = seeded(11)
    heard = [encode(sample_message(name, draw)) for name in MESSAGES for _ in range(5)]
    bench, lost = Bench().open(), 0
    for _ in range(3_000):
        try:
            bench.session.receive(damaged(draw.choice(heard), draw), bench.now)
            bench.session.work(bench.now)
        except ReaderLost:
            lost += 1
            bench = Bench().open()
        bench.session.take()
    assert lost < 1_000
