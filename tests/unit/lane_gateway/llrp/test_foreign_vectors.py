"""Frames of another implementation are read, and written again byte for byte."""

from pathlib import Path

import pytest

from services.lane_gateway.devices.llrp.codec import decode, encode
from services.lane_gateway.devices.llrp.tables import MESSAGES

LINES = Path(__file__).with_name("foreign_vectors.txt").read_text(encoding="ascii").splitlines()
VECTORS = [line.split() for line in LINES if line and not line.startswith("#")]


@pytest.mark.parametrize(("name", "digits"), VECTORS)
def test_a_foreign_frame_is_read_and_written_again_byte_for_byte(name: str, digits: str) -> None:
    frame = bytes.fromhex(digits)
    message = decode(frame)
    assert message.name == name
    assert encode(message) == frame


def test_there_is_a_foreign_frame_of_every_message_of_1_0_1() -> None:
    of_1_1 = {name for name in MESSAGES if "VERSION" in name}
    assert {name for name, _ in VECTORS} == set(MESSAGES) - of_1_1


@pytest.mark.parametrize(
    ("digits", "name", "field", "value"),
    [
        ("082e0000000a00000001", "GET_SUPPORTED_VERSION", None, 0),
        (("08380000001400000001" "0102" "011f000800000000"), "GET_SUPPORTED_VERSION_RESPONSE",
         "SupportedVersion", 2),
        ("082f0000000b0000000202", "SET_PROTOCOL_VERSION", "ProtocolVersion", 2),
        (("08390000001200000002" "011f000800000000"), "SET_PROTOCOL_VERSION_RESPONSE", None, 0),
    ],
)  # fmt: skip
def test_the_agreement_on_a_version_has_the_layout_of_1_1(
    digits: str, name: str, field: str | None, value: int
) -> None:
    message = decode(bytes.fromhex(digits))
    assert message.name == name
    assert field is None or message.number(field) == value
    assert encode(message).hex() == digits
