"""Tag reports, which come by the thousand: the fast path beside ``parameters``.

The result is the same as on the slow path, but the parameters of a report are made only when
somebody asks for them; ``sighting`` gives what a lane needs without them.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.lane_gateway.devices.llrp.parameters import TLV_HEADER, read_parameter
from services.lane_gateway.devices.llrp.shapes import TAG, Read, Shape, learn
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.devices.llrp.values import NO_FIELDS, Parameter, Value

TAG_REPORTS = MESSAGES["RO_ACCESS_REPORT"]
MAX_SHAPES = 64
"""A reader has two or three; beyond this somebody plays games, and we start afresh."""
_TAG_TYPE = struct.pack(">H", TAG.type)
_LENGTH = struct.Struct(">H").unpack_from
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_shapes: dict[int, list[Shape]] = {}


class MemoryRead(NamedTuple):
    """What one read of a tag's memory, or one challenge, gave; ``result`` 0 is success."""

    operation: int
    result: int
    data: bytes


class Sighting(NamedTuple):
    """What a lane needs of a tag's report."""

    epc: bytes
    rospec_id: int | None
    antenna: int | None
    rssi: int | None
    first_seen: int | None
    """Microseconds since 1970 by the reader's clock."""
    last_seen: int | None
    reads: tuple[MemoryRead, ...]
    answers: tuple[MemoryRead, ...] = ()
    """What the chip answered to challenges."""


class TagReport(Parameter):
    """A report whose parameters are made when they are asked for."""

    __slots__ = ("_shape", "_values")

    def __init__(self, shape: Shape, values: tuple[Value, ...]) -> None:
        # The slot ``parameters`` stays empty until ``__getattr__`` fills it.
        self.name = TAG.name
        self.fields = NO_FIELDS
        self._shape = shape
        self._values = values

    def __getattr__(self, name: str) -> object:
        if name != "parameters":
            raise AttributeError(name)
        self.parameters = self._shape.parameters(self._values)
        return self.parameters

    def sighting(self) -> Sighting:
        """Return what a lane needs, without making parameters."""
        shape, values = self._shape, self._values
        return Sighting(
            values[shape.epc],  # type: ignore[arg-type] # the shape knows the types
            None if shape.rospec_id is None else values[shape.rospec_id],  # type: ignore[arg-type]
            None if shape.antenna is None else values[shape.antenna],  # type: ignore[arg-type]
            None if shape.rssi is None else values[shape.rssi],  # type: ignore[arg-type]
            None if shape.first_seen is None else values[shape.first_seen],  # type: ignore[arg-type]
            None if shape.last_seen is None else values[shape.last_seen],  # type: ignore[arg-type]
            _given(shape.reads, values) if shape.reads else (),
            _given(shape.answers, values) if shape.answers else (),
        )


def _given(places: Sequence[Read], values: tuple[Value, ...]) -> tuple[MemoryRead, ...]:
    return tuple(
        MemoryRead(values[operation], values[result], values[data])  # type: ignore[arg-type]
        for result, operation, data in places
    )


def sighting(report: Parameter) -> Sighting:
    """Return what a lane needs of a ``TagReportData``."""
    if isinstance(report, TagReport):
        return report.sighting()
    epc = report.find("EPC_96") or report.get("EPCData")
    return Sighting(
        epc.raw("EPC"),
        _number(report, "ROSpecID", "ROSpecID"),
        _number(report, "AntennaID", "AntennaID"),
        _number(report, "PeakRSSI", "PeakRSSI"),
        _number(report, "FirstSeenTimestampUTC", "Microseconds"),
        _number(report, "LastSeenTimestampUTC", "Microseconds"),
        tuple(
            MemoryRead(read.number("OpSpecID"), read.number("Result"), read.raw("ReadData"))
            for read in report.all("C1G2ReadOpSpecResult")
        ),
        tuple(
            MemoryRead(each.number("OpSpecID"), each.number("Result"), each.raw("ReceivedData"))
            for each in report.all("C1G2AuthenticateOpSpecResult")
        ),
    )


def _number(report: Parameter, name: str, field: str) -> int | None:
    found = report.find(name)
    return None if found is None else found.number(field)


def reader_time(microseconds: int | None) -> datetime | None:
    """Turn a reader's time into ours; ``None`` where there is none, or none that can be."""
    if microseconds is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def read_tag_reports(data: bytes, at: int) -> list[Parameter]:
    """Read the parameters of an ``RO_ACCESS_REPORT`` from ``at`` to the end."""
    found: list[Parameter] = []
    end = len(data)
    while at < end:
        if data.startswith(_TAG_TYPE, at) and at + TLV_HEADER <= end:
            after = at + _LENGTH(data, at + 2)[0]
            if at + TLV_HEADER < after <= end:
                found.append(_read_tag(data, at, after))
                at = after
                continue
        parameter, at = read_parameter(TAG_REPORTS, data, at, end)
        found.append(parameter)
    return found


def _read_tag(data: bytes, at: int, after: int) -> Parameter:
    body = data[at + TLV_HEADER : after]
    number = int.from_bytes(body)
    for shape in _shapes.get(after - at, ()):
        if number & shape.mask == shape.pattern:
            return TagReport(shape, shape.unpack(body))
    report, _ = read_parameter(TAG_REPORTS, data, at, after)
    learned = learn(body)
    if learned is None:
        return report
    _remember(after - at, learned)
    return TagReport(learned, learned.unpack(body))


def _remember(length: int, shape: Shape) -> None:
    if sum(map(len, _shapes.values())) >= MAX_SHAPES:
        _shapes.clear()
    _shapes.setdefault(length, []).append(shape)
