"""The simulated reader keeps the standard's states, so that other clients find a reader in it."""

from collections.abc import Iterator

import pytest

from services.lane_gateway.devices.llrp.codec import Message, Parameter, encode, message, parameter
from services.lane_gateway.devices.llrp.dialogue import status_name
from services.lane_gateway.devices.llrp.tags import sighting
from services.lane_gateway.devices.llrp.values import Value
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_field import Field, Tag, gen2_checksum
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_rospecs import ACTIVE, DISABLED, INACTIVE

CARD = Tag(
    epc=bytes(range(12)),
    tid=b"\xe2\x80" * 6,
    user=bytes(8),
    access_password=7,
    kill_password=9,
)


class Desk:
    """A client's desk: requests in, answers and news out, time by hand."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.now = 10.0
        self.field = Field()
        self.machine = ReaderMachine(profile or Profile(), self.field, lambda: 1e9 + self.now)
        self.machine.connect(self.now)
        self.machine.drain()
        self._id = 0

    def ask(self, name: str, *parameters: Parameter, version: int = 1, **fields: Value) -> Message:
        self._id += 1
        request = message(name, *parameters, id=self._id, version=version, **fields)
        answer(self.machine, encode(request), self.now)
        said = [m for m in self.machine.outbox if m.id == self._id and "RESPONSE" in m.name]
        errors = [m for m in self.machine.outbox if m.name == "ERROR_MESSAGE"]
        (reply,) = said or errors
        self.machine.outbox = [m for m in self.machine.outbox if m is not reply]
        return reply

    def grant(
        self, name: str, *parameters: Parameter, version: int = 1, **fields: Value
    ) -> Message:
        reply = self.ask(name, *parameters, version=version, **fields)
        assert status_name(reply) == "M_Success"
        return reply

    def wait(self, seconds: float) -> list[Message]:
        until = self.now + seconds
        while self.now < until:
            self.machine.tick(self.now)
            self.now += 0.05
        return self.machine.drain()

    def state(self, number: int = 1) -> int:
        (spec,) = self.grant("GET_ROSPECS").all("ROSpec")
        assert spec.number("ROSpecID") == number
        return spec.number("CurrentState")

    def want_events(self) -> None:
        states = [
            parameter("EventNotificationState", EventType=n, NotificationState=1) for n in range(9)
        ]
        self.grant("SET_READER_CONFIG", parameter("ReaderEventNotificationSpec", *states))


def rospec(
    number: int = 1,
    start: Parameter | None = None,
    stop: Parameter | None = None,
    steps: tuple[Parameter, ...] = (),
    report: Parameter | None = None,
    **fields: Value,
) -> Parameter:
    boundary = parameter(
        "ROBoundarySpec",
        start or parameter("ROSpecStartTrigger"),
        stop or parameter("ROSpecStopTrigger"),
    )
    content = parameter("TagReportContentSelector", EnableROSpecID=1, EnableTagSeenCount=1)
    spec = report or parameter("ROReportSpec", content, ROReportTrigger=1, N=1)
    return parameter("ROSpec", boundary, *(steps or (ai_spec(),)), spec, ROSpecID=number, **fields)


def ai_spec(stop: Parameter | None = None, antennas: tuple[int, ...] = (0,)) -> Parameter:
    inventory = parameter("InventoryParameterSpec", InventoryParameterSpecID=1, ProtocolID=1)
    return parameter(
        "AISpec", stop or parameter("AISpecStopTrigger"), inventory, AntennaIDs=antennas
    )


def tags(messages: list[Message]) -> list[Parameter]:
    return [t for m in messages if m.name == "RO_ACCESS_REPORT" for t in m.parameters]


def rospec_events(messages: list[Message]) -> list[tuple[int, int]]:
    return [(e.number("EventType"), e.number("ROSpecID")) for e in _events(messages)]


def _events(messages: list[Message]) -> Iterator[Parameter]:
    for said in messages:
        event = said.find("ReaderEventNotificationData", "ROSpecEvent")
        if event is not None:
            yield event


def test_an_inventory_passes_through_the_three_states() -> None:
    desk = Desk()
    desk.want_events()
    desk.grant("ADD_ROSPEC", rospec())
    assert desk.state() == DISABLED
    assert status_name(desk.ask("START_ROSPEC", ROSpecID=1)) == "M_FieldError"
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == INACTIVE
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    desk.grant("STOP_ROSPEC", ROSpecID=1)
    assert desk.state() == INACTIVE
    desk.grant("START_ROSPEC", ROSpecID=1)
    desk.grant("DISABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == DISABLED
    assert rospec_events(desk.machine.drain()) == [(0, 1), (1, 1), (0, 1), (1, 1)]


def test_delete_0_deletes_all_and_an_unknown_number_is_an_error() -> None:
    desk = Desk()
    desk.grant("ADD_ROSPEC", rospec(1))
    desk.grant("ADD_ROSPEC", rospec(2))
    assert status_name(desk.ask("DELETE_ROSPEC", ROSpecID=3)) == "M_FieldError"
    desk.grant("DELETE_ROSPEC", ROSpecID=0)
    assert list(desk.grant("GET_ROSPECS").all("ROSpec")) == []
    desk.grant("DELETE_ACCESSSPEC", AccessSpecID=0)


@pytest.mark.parametrize("wrong", [rospec(0), rospec(7), rospec(1, CurrentState=1)])
def test_a_number_in_use_or_a_state_of_ones_own_is_refused(wrong: Parameter) -> None:
    desk = Desk()
    desk.grant("ADD_ROSPEC", rospec(7))
    assert status_name(desk.ask("ADD_ROSPEC", wrong)) == "P_FieldError"


def test_more_specifications_than_the_reader_has_room_for_are_refused() -> None:
    desk = Desk(Profile(max_rospecs=1))
    desk.grant("ADD_ROSPEC", rospec(1))
    assert status_name(desk.ask("ADD_ROSPEC", rospec(2))) == "M_OverflowParameter"


def test_an_immediate_start_begins_when_enabled_and_again_after_each_end() -> None:
    desk = Desk()
    desk.want_events()
    start = parameter("ROSpecStartTrigger", ROSpecStartTriggerType=1)
    stop = parameter("ROSpecStopTrigger", ROSpecStopTriggerType=1, DurationTriggerValue=300)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    changes = [kind for kind, _ in rospec_events(desk.wait(1.5))]
    assert changes[:4] == [0, 1, 0, 1]


def test_a_periodic_start_waits_for_its_offset_and_comes_again() -> None:
    desk = Desk()
    desk.want_events()
    period = parameter("PeriodicTriggerValue", Offset=500, Period=1000)
    start = parameter("ROSpecStartTrigger", period, ROSpecStartTriggerType=2)
    stop = parameter("ROSpecStopTrigger", ROSpecStopTriggerType=1, DurationTriggerValue=200)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    assert rospec_events(desk.wait(0.4)) == []
    begun = [kind for kind, _ in rospec_events(desk.wait(3.3))].count(0)
    assert begun == 4


def test_an_input_starts_and_stops_an_inventory() -> None:
    desk = Desk()
    value = parameter("GPITriggerValue", GPIPortNum=2, GPIEvent=1)
    start = parameter("ROSpecStartTrigger", value, ROSpecStartTriggerType=3)
    low = parameter("GPITriggerValue", GPIPortNum=2, GPIEvent=0)
    stop = parameter("ROSpecStopTrigger", low, ROSpecStopTriggerType=2)
    desk.grant("ADD_ROSPEC", rospec(start=start, stop=stop))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.machine.set_input(1, high=True, now=desk.now)
    assert desk.state() == INACTIVE
    desk.machine.set_input(2, high=True, now=desk.now)
    assert desk.state() == ACTIVE
    desk.machine.set_input(2, high=False, now=desk.now)
    assert desk.state() == INACTIVE


def test_a_lower_number_of_priority_preempts_and_a_higher_one_is_refused() -> None:
    desk = Desk()
    desk.want_events()
    for number, priority in ((1, 3), (2, 1), (3, 5)):
        desk.grant("ADD_ROSPEC", rospec(number, Priority=priority))
    desk.grant("ENABLE_ROSPEC", ROSpecID=0)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert status_name(desk.ask("START_ROSPEC", ROSpecID=3)) == "M_FieldError"
    desk.grant("START_ROSPEC", ROSpecID=2)
    assert rospec_events(desk.machine.drain()) == [(0, 1), (2, 1), (0, 2)]


@pytest.mark.parametrize(
    ("stop", "seconds"),
    [
        (parameter("AISpecStopTrigger", AISpecStopTriggerType=1, DurationTrigger=500), 0.6),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", NumberOfTags=1),
                AISpecStopTriggerType=3,
            ),
            0.2,
        ),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", TriggerType=1, T=400),
                AISpecStopTriggerType=3,
            ),
            0.6,
        ),
        (
            parameter(
                "AISpecStopTrigger",
                parameter("TagObservationTrigger", TriggerType=2, NumberOfAttempts=3),
                AISpecStopTriggerType=3,
            ),
            0.3,
        ),
    ],
)
def test_an_inventory_ends_by_its_own_trigger(stop: Parameter, seconds: float) -> None:
    desk = Desk()
    desk.field.place(CARD)
    desk.grant("ADD_ROSPEC", rospec(steps=(ai_spec(stop),)))
    desk.grant("ENABLE_ROSPEC", ROSpecID=1)
    desk.grant("START_ROSPEC", ROSpecID=1)
    assert desk.state() == ACTIVE
    assert tags(desk.wait(seconds + 0.05))
    assert desk.state() == INACTIVE


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


def access_spec(operation: Parameter, stop_after: int = 0) -> Parameter:
    target = parameter("C1G2TargetTag", MB=1, Match=1)
    return parameter(
        "AccessSpec",
        parameter(
            "AccessSpecStopTrigger",
            AccessSpecStopTrigger=int(stop_after > 0),
            OperationCountValue=stop_after,
        ),
        parameter("AccessCommand", parameter("C1G2TagSpec", target), operation),
        AccessSpecID=5,
        ProtocolID=1,
    )


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
