"""Parameters go out in the standard's order, and what nobody knows is kept where it was."""

from random import Random

import pytest

from services.lane_gateway.devices.llrp.codec import (
    Bits,
    EncodeError,
    Message,
    Parameter,
    decode,
    encode,
    message,
    parameter,
)
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.devices.llrp.tags import sighting
from tests.unit.lane_gateway.llrp.samples import sample_message, seeded, tag_report


def shuffled(whole: Parameter, draw: Random) -> list[Parameter]:
    inner = [Parameter(p.name, p.fields, shuffled(p, draw)) for p in whole.parameters]
    draw.shuffle(inner)
    return inner


@pytest.mark.parametrize("name", MESSAGES)
def test_the_standards_order_is_restored_whatever_the_caller_gave(name: str) -> None:
    draw = seeded(3)
    for _ in range(5):
        whole = sample_message(name, draw)
        mixed = Message(name, whole.fields, shuffled(whole, draw), id=whole.id, version=1)
        written = decode(encode(mixed))
        assert sorted_names(written) == sorted_names(whole)


def sorted_names(whole: Parameter) -> list[object]:
    """The names in order; neighbours of one choice may stand in any order."""
    plan_order = [p.name for p in whole.parameters]
    places = MESSAGES[whole.name].place
    return [places[name] for name in plan_order]


def test_set_reader_config_is_written_in_the_order_of_the_standard() -> None:
    frame = encode(
        message(
            "SET_READER_CONFIG",
            parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=1),
            parameter("KeepaliveSpec", KeepaliveTriggerType=1, PeriodicTriggerValue=1000),
            parameter(
                "ReaderEventNotificationSpec",
                parameter("EventNotificationState", EventType=2, NotificationState=1),
            ),
            id=1,
        )
    )
    assert frame.hex() == (
        "040300000028000000010000f4000b00f5000700028000dc000901000003e800e2000580"
    ).replace("00000028", f"{len(frame):08x}")


@pytest.mark.fault(10)
def test_unknown_and_custom_parameters_are_kept_as_bytes_in_their_place() -> None:
    whole = tag_report()
    inner = list(whole.parameters[0].parameters)
    inner.insert(2, parameter("Unknown", Type=900, Data=b"\x01\x02\x03"))
    inner.append(parameter("Custom", VendorIdentifier=25882, ParameterSubtype=56, Data=b"\0\0"))
    report = Message("RO_ACCESS_REPORT", {}, [Parameter("TagReportData", {}, inner)], id=1)
    frame = encode(report)
    for _ in range(2):  # the slow path first, then the fast one
        read = decode(frame)
        assert read == report
        assert encode(read) == frame
        assert sighting(read.parameters[0]).epc == bytes(range(12))


@pytest.mark.fault(10)
def test_a_known_parameter_in_a_strange_place_is_never_interpreted() -> None:
    stray = bytes.fromhex("8900000007")  # ROSpecID, directly within the message
    frame = bytes.fromhex("043d0000000f00000001") + stray
    (found,) = decode(frame).parameters
    assert found.name == "Unknown"
    assert found.fields == {"Type": 9, "Data": b"\0\0\0\x07"}
    assert encode(decode(frame)) == frame


@pytest.mark.fault(10)
def test_unknown_messages_are_kept_as_bytes() -> None:
    frame = bytes.fromhex("0b210000000d000000050a0b0c")
    found = decode(frame)
    assert (found.name, found.id, found.version) == ("Unknown", 5, 2)
    assert encode(found) == frame


def test_reserved_bits_that_a_newer_version_uses_are_kept() -> None:
    frame = bytes.fromhex("040300000015000000010000e200058100e2000581")[:16]
    frame = frame[:2] + len(frame).to_bytes(4) + frame[6:]
    assert encode(decode(frame)) == frame


@pytest.mark.fault(17)
@pytest.mark.parametrize("bits", [0, 62, 96, 128, 496])
def test_card_numbers_of_any_length_are_opaque_bytes(bits: int) -> None:
    number = bytes(range(1, (bits + 7) // 8 + 1))
    tag = parameter("TagReportData", parameter("EPCData", EPC=Bits(bits, number)))
    frame = encode(message("RO_ACCESS_REPORT", tag))
    for _ in range(2):
        seen = sighting(decode(frame).parameters[0])
        assert seen.epc == number
        assert (seen.antenna, seen.rospec_id, seen.reads) == (None, None, ())


@pytest.mark.fault(17)
def test_an_empty_report_is_a_report_without_tags() -> None:
    assert list(decode(bytes.fromhex("043d0000000a00000001")).parameters) == []


@pytest.mark.parametrize(
    "wrong",
    [
        message("NO_SUCH_MESSAGE"),
        message("KEEPALIVE", parameter("NoSuchParameter")),
        message("START_ROSPEC", ROSpec=1),
        message("START_ROSPEC", ROSpecID=2**32),
        message("START_ROSPEC", ROSpecID="1"),
        message("START_ROSPEC", ROSpecID=1, id=2**32),
        message("START_ROSPEC", ROSpecID=1, version=8),
        message("SET_READER_CONFIG", ResetToFactoryDefault=2),
        message("CUSTOM_MESSAGE", Data="text"),
        message("RO_ACCESS_REPORT", parameter("Unknown", Type=999, Data=bytes(65_532))),
        message("RO_ACCESS_REPORT", parameter("TagReportData", parameter("EPC_96", EPC=b"1"))),
    ],
)
def test_what_cannot_be_written_is_a_callers_error(wrong: Message) -> None:
    with pytest.raises(EncodeError):
        encode(wrong)


def test_no_representation_shows_a_card_number() -> None:
    text = repr(tag_report(epc=b"CANARYCANARY")) + repr(tag_report(epc=b"CANARYCANARY").parameters)
    assert "CANARY" not in text
    assert b"CANARYCANARY".hex() not in text
