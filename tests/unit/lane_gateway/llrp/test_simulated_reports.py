"""The simulated reader keeps the standard's states, so that other clients find a reader in it."""

import pytest

from services.lane_gateway.devices.llrp.codec import Parameter, encode, message, parameter
from services.lane_gateway.devices.llrp.dialogue import status_name
from services.lane_gateway.devices.llrp.tags import sighting
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_field import Tag, gen2_checksum
from services.lane_gateway.simulator.reader_profile import Profile
from tests.unit.lane_gateway.llrp.reader_desk import (
    CARD,
    Desk,
    access_spec,
    ai_spec,
    rospec,
    tags,
)

OPERATIONS = [
    (parameter("C1G2Read", OpSpecID=1, MB=2, WordCount=6), 0, b"\xe2\x80" * 6),
    (parameter("C1G2Read", OpSpecID=1, MB=2, WordPointer=4, WordCount=6), 1, b""),
    (parameter("C1G2Read", OpSpecID=1, MB=1, WordPointer=2), 0, bytes(range(12))),
    (parameter("C1G2Read", OpSpecID=1, MB=3, AccessPassword=1), 2, b""),
    (parameter("C1G2Write", OpSpecID=1, MB=3, WriteData=b"ab", AccessPassword=7), 0, None),
    (parameter("C1G2Write", OpSpecID=1, MB=3, WriteData=b"ab"), 5, None),
    (parameter("C1G2Write", OpSpecID=1, MB=2, WriteData=b"ab", AccessPassword=7), 1, None),
    (parameter("C1G2BlockErase", OpSpecID=1, MB=3, WordCount=2, AccessPassword=7), 0, None),
    (parameter("C1G2Lock", OpSpecID=1, AccessPassword=7), 0, None),
    (parameter("C1G2Kill", OpSpecID=1, KillPassword=0), 1, None),
    (parameter("C1G2Kill", OpSpecID=1, KillPassword=1), 4, None),
    (parameter("C1G2Kill", OpSpecID=1, KillPassword=9), 0, None),
]


def test_tags_of_antennas_that_are_not_chosen_or_not_there_are_not_seen() -> None:
    desk = Desk()
    for antenna in (1, 2, 3):
        desk.field.place(Tag(epc=bytes([antenna]) * 12, antenna=antenna))
    desk.machine.set_antenna(3, connected=False)
    desk.grant("ADD_ROSPEC", rospec(steps=(ai_spec(antennas=(2, 3)),)))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert {sighting(t).epc for t in tags(desk.wait(0.3))} == {b"\x02" * 12}


def test_reports_on_request_gather_until_they_are_asked_for() -> None:
    desk = Desk()
    content = parameter("TagReportContentSelector", EnableTagSeenCount=1)
    report = parameter("ROReportSpec", content, ROReportTrigger=0)
    desk.field.place(CARD)
    desk.grant("ADD_ROSPEC", rospec(report=report))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert tags(desk.wait(0.5)) == []
    answer(desk.machine, encode(message("GET_REPORT")), desk.now)
    (tag,) = tags(desk.machine.drain())
    assert tag.get("TagSeenCount").number("TagCount") >= 9
    assert tag.find("ROSpecID") is None


def test_what_cannot_be_sent_is_kept_up_to_a_limit_and_replayed() -> None:
    desk = Desk(Profile(buffer_limit=5))
    desk.field.place(CARD)
    desk.grant("ADD_ROSPEC", rospec())
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    desk.wait(0.1)
    desk.machine.disconnect()
    assert desk.wait(1.0) == []
    desk.machine.connect(desk.now)
    replayed = desk.machine.drain()
    assert len(tags(replayed)) == 5
    overflows = [m for m in replayed if "Overflow" in repr(m.parameters)]
    assert len(overflows) == 1


def test_a_reader_told_to_hold_waits_until_it_may_speak() -> None:
    desk = Desk()
    holding = parameter("EventsAndReports", HoldEventsAndReportsUponReconnect=1)
    desk.grant("SET_READER_CONFIG", holding)
    desk.field.place(CARD)
    desk.grant("ADD_ROSPEC", rospec())
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    desk.wait(0.2)
    desk.machine.disconnect()
    desk.wait(0.2)
    desk.machine.connect(desk.now)
    assert tags(desk.wait(0.2)) == []
    answer(desk.machine, encode(message("ENABLE_EVENTS_AND_REPORTS")), desk.now)
    assert len(tags(desk.machine.drain())) >= 7


def test_versions_are_agreed_upon_and_others_refused() -> None:
    desk = Desk()
    offered = desk.grant("GET_SUPPORTED_VERSION")
    assert (offered.number("CurrentVersion"), offered.number("SupportedVersion")) == (1, 2)
    assert status_name(desk.ask("SET_PROTOCOL_VERSION", ProtocolVersion=3)) == (
        "M_UnsupportedVersion"
    )
    desk.grant("SET_PROTOCOL_VERSION", ProtocolVersion=2)
    assert desk.ask("GET_ROSPECS").name == "ERROR_MESSAGE"
    desk.grant("GET_ROSPECS", version=2)
    oldest = Desk(Profile(max_version=1))
    assert status_name(oldest.ask("GET_SUPPORTED_VERSION")) == "M_UnsupportedMessage"
    assert status_name(oldest.ask("GET_SUPPORTED_VERSION", version=2)) == "M_UnsupportedVersion"


def test_a_frame_that_cannot_be_read_is_answered_with_an_error() -> None:
    desk = Desk()
    answer(desk.machine, bytes.fromhex("04140000000e0000000100b10003"), desk.now)
    (error,) = desk.machine.drain()
    assert (error.name, status_name(error), error.id) == ("ERROR_MESSAGE", "M_ParameterError", 1)


def test_what_the_reader_is_and_how_it_is_set_up_can_be_asked() -> None:
    desk = Desk(Profile(vendor=161, antennas=2))
    said = desk.grant("GET_READER_CAPABILITIES", RequestedData=0)
    assert said.get("GeneralDeviceCapabilities").number("DeviceManufacturerName") == 161
    only = desk.grant("GET_READER_CAPABILITIES", RequestedData=2)
    assert [p.name for p in only.parameters] == ["LLRPStatus", "LLRPCapabilities"]
    config = desk.grant("GET_READER_CONFIG", RequestedData=0)
    assert len(list(config.all("AntennaProperties"))) == 2
    assert config.get("EventsAndReports").number("HoldEventsAndReportsUponReconnect") == 0


@pytest.mark.parametrize(("operation", "outcome", "data"), OPERATIONS)
def test_each_operation_on_a_tag_has_its_result(
    operation: Parameter, outcome: int, data: bytes | None
) -> None:
    desk = Desk()
    desk.field.place(CARD)
    desk.grant("ADD_ACCESSSPEC", access_spec(operation, stop_after=1))
    desk.grant("ENABLE_ACCESSSPEC", AccessSpecID=5)
    desk.grant("ADD_ROSPEC", rospec())
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    (seen, *later) = tags(desk.wait(0.2))
    (result,) = [p for p in seen.parameters if p.name.endswith("OpSpecResult")]
    assert result.name == f"{operation.name}OpSpecResult"
    assert result.number("Result") == outcome
    assert data is None or result.raw("ReadData") == data
    assert not any(p.name.endswith("OpSpecResult") for t in later for p in t.parameters)
    assert list(desk.grant("GET_ACCESSSPECS").all("AccessSpec")) == []


def test_what_was_written_is_read_again_and_a_killed_tag_is_gone() -> None:
    desk = Desk()
    desk.field.place(CARD)
    changed = CARD.written(3, 1, b"ab")
    assert changed is not None
    assert changed.user == b"\0\0ab\0\0\0\0"
    desk.field.change(CARD, changed)
    assert desk.field.tags() == [changed]
    desk.field.change(changed, None)
    assert desk.field.tags() == []


def test_a_tags_checksum_is_the_one_of_gen2() -> None:
    # The check value of this CRC over the nine digits, as catalogues of CRCs give it.
    assert gen2_checksum(b"123456789") == 0xD64E
    assert Tag(epc=bytes(12)).pc == 0x3000
