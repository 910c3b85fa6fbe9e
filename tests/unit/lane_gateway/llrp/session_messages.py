"""Messages that a session is given."""

from services.lane_gateway.devices.llrp.codec import (
    Message,
    Parameter,
    message,
    parameter,
)
from services.lane_gateway.use_cases.ports import ReaderEventKind
from tests.unit.lane_gateway.llrp.bench import ROSPEC_ID, Bench
from tests.unit.lane_gateway.llrp.samples import tag_report

KIND = ReaderEventKind


def event(*parameters: Parameter) -> Message:
    data = parameter("ReaderEventNotificationData", parameter("Uptime"), *parameters)
    return message("READER_EVENT_NOTIFICATION", data)


def fresh_report() -> Message:
    return aged_report(0.0)


def aged_report(age: float, wall: float = 1_760_001_000.3) -> Message:
    whole = tag_report(rospec=ROSPEC_ID)
    inner = [p for p in whole.parameters[0].parameters if "Timestamp" not in p.name]
    seen = parameter("LastSeenTimestampUTC", Microseconds=round((wall - age) * 1e6))
    return Message("RO_ACCESS_REPORT", {}, [Parameter("TagReportData", {}, [*inner, seen])])


def dribble(bench: Bench, frame: bytes) -> None:
    for byte in frame:
        bench.now += 0.5
        bench.session.receive(bytes([byte]), bench.now)
        bench.session.work(bench.now)
