"""A simulated reader at a desk: requests in, answers out, time by hand."""

from collections.abc import Iterator

from services.lane_gateway.devices.llrp.codec import Message, Parameter, encode, message, parameter
from services.lane_gateway.devices.llrp.dialogue import status_name
from services.lane_gateway.devices.llrp.values import Value
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_field import Field, Tag
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import Profile

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
