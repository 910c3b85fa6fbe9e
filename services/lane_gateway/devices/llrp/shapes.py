"""The shape of a tag's report: which parameters it has and where, so that the next one is cheap.

A reader sends thousands of reports that differ in their values alone. The first one is read
parameter by parameter and its shape remembered; whether another has that shape is one comparison of
the bytes that are no values, and its values come out of one ``struct``.
"""

import struct
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from services.lane_gateway.devices.llrp.fields import Counted, Numbers
from services.lane_gateway.devices.llrp.parameters import TLV_HEADER, header
from services.lane_gateway.devices.llrp.tables import PARAMETERS, PARAMETERS_BY_TYPE, Plan
from services.lane_gateway.devices.llrp.values import UNKNOWN, Parameter, Value

TAG = PARAMETERS["TagReportData"]
Convert = Callable[[bytes], Value]


class Part(NamedTuple):
    """One parameter of the report: its fields, and how each is made of the unpacked value."""

    name: str
    fields: tuple[tuple[str, Convert | None], ...]
    known: tuple[tuple[str, Value], ...] = ()


class Read(NamedTuple):
    """Where the values are of what an operation on the tag gave."""

    result: int
    operation: int
    data: int


class Shape:
    """Where each value of a report is."""

    def __init__(self, body: bytes, form: str, mask: bytes, parts: list[Part]) -> None:
        self.mask = int.from_bytes(mask)
        self.pattern = int.from_bytes(body) & self.mask
        self.unpack = struct.Struct(form).unpack
        self.parts = parts
        places = _places(parts)
        self.epc = places.get("EPC_96", places.get("EPCData", 0))
        self.rospec_id = places.get("ROSpecID")
        self.antenna = places.get("AntennaID")
        self.rssi = places.get("PeakRSSI")
        self.first_seen = places.get("FirstSeenTimestampUTC")
        self.last_seen = places.get("LastSeenTimestampUTC")
        self.reads = [Read(at, at + 1, at + 2) for at in _every(parts, "C1G2ReadOpSpecResult")]
        self.answers = [
            Read(at, at + 1, at + 2) for at in _every(parts, "C1G2AuthenticateOpSpecResult")
        ]

    def parameters(self, values: tuple[Value, ...]) -> list[Parameter]:
        """Make the report's parameters of its values."""
        rest = iter(values)
        return [
            Parameter(
                part.name, dict(part.known) | {n: _made(c, next(rest)) for n, c in part.fields}
            )
            for part in self.parts
        ]


def learn(body: bytes) -> Shape | None:
    """Return the shape of a report that has been read without error; ``None`` if it has none."""
    form, mask, parts, at = ">", b"", list[Part](), 0
    while at < len(body):
        kind, start, after = header(body, at, len(body))
        plan = PARAMETERS_BY_TYPE.get(kind)
        opaque = plan is None or plan.name not in TAG.place
        found = _opaque(kind, after - start) if opaque or plan is None else _part(plan, body, start)
        if found is None:
            return None
        part_form, part_mask, part = found
        form += f"{start - at}x{part_form}"
        mask += b"\xff" * (start - at) + part_mask
        at += start - at + len(part_mask)
        if at != after:
            return None
        parts.append(part)
    return Shape(body, form, mask, parts)


def _part(plan: Plan, body: bytes, at: int) -> tuple[str, bytes, Part] | None:
    form, mask, fields = "", b"", list[tuple[str, Convert | None]]()
    for step in plan.steps:
        if isinstance(step, Numbers):
            if step.flags:
                return None
            form += step.format
            mask += bytes(step.size)
            fields += [(name, None) for name in step.names]
        elif step.type == "bytesToEnd":
            size = _tlv_end(body, at) - at - len(mask)
            form += f"{size}s"
            mask += bytes(size)
            fields.append((step.name, None))
        else:
            count, size = _count(step, body, at + len(mask))
            form += f"2x{size}s"
            mask += b"\xff\xff" + bytes(size)
            fields.append((step.name, partial(step.value, count)))
    return form, mask, Part(plan.name, tuple(fields))


def _opaque(kind: int, size: int) -> tuple[str, bytes, Part]:
    return f"{size}s", bytes(size), Part(UNKNOWN, (("Data", None),), (("Type", kind),))


def _count(step: Counted, body: bytes, at: int) -> tuple[int, int]:
    count = int.from_bytes(body[at : at + 2])
    return count, step.size(count)


def _tlv_end(body: bytes, start: int) -> int:
    return start - TLV_HEADER + int.from_bytes(body[start - 2 : start])


def _made(convert: Convert | None, value: Value) -> Value:
    return value if convert is None or not isinstance(value, bytes) else convert(value)


def _places(parts: list[Part]) -> dict[str, int]:
    places, at = dict[str, int](), 0
    for part in parts:
        places.setdefault(part.name, at)
        at += len(part.fields)
    return places


def _every(parts: list[Part], name: str) -> list[int]:
    found, at = [], 0
    for part in parts:
        if part.name == name:
            found.append(at)
        at += len(part.fields)
    return found
