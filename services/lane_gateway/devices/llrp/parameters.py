"""Parameters on the wire, TV and TLV encoded, one within the other.

Unknown parameters, those of vendors, and known ones in a place where the standard does not have
them are kept as opaque bytes and never interpreted.
"""

import struct
from collections.abc import Sequence

from services.lane_gateway.devices.llrp.errors import DecodeError, EncodeError
from services.lane_gateway.devices.llrp.tables import (
    CUSTOM,
    PARAMETERS,
    PARAMETERS_BY_TYPE,
    TV_LIMIT,
    Plan,
)
from services.lane_gateway.devices.llrp.values import UNKNOWN, Fields, Parameter, Value

MAX_DEPTH = 16
"""The standard nests eight deep; only a ``ParameterError`` within itself could go on for ever."""
TLV_HEADER = 4
MAX_TLV = 0xFFFF
_TLV = struct.Struct(">HH")
_TYPE_BITS = 0x3FF


def read_body(
    plan: Plan, data: bytes, at: int, end: int, *, depth: int = 0
) -> tuple[dict[str, Value], list[Parameter]]:
    """Read fields, then parameters, from ``at`` to exactly ``end``."""
    fields: dict[str, Value] = {}
    for step in plan.steps:
        at = step.read(data, at, end, fields)
    parameters = []
    while at < end:
        parameter, at = read_parameter(plan, data, at, end, depth=depth)
        parameters.append(parameter)
    _check(plan, parameters)
    return fields, parameters


def read_parameter(
    owner: Plan, data: bytes, at: int, end: int, *, depth: int = 0
) -> tuple[Parameter, int]:
    """Read the parameter at ``at``, which lies within ``owner``, and return where it ends."""
    kind, start, after = header(data, at, end)
    plan = PARAMETERS_BY_TYPE.get(kind)
    if plan is None or (plan.name not in owner.place and plan.name != CUSTOM):
        return Parameter(UNKNOWN, {"Type": kind, "Data": data[start:after]}), after
    if depth >= MAX_DEPTH:
        raise DecodeError("Parameters are nested too deep")
    return Parameter(plan.name, *read_body(plan, data, start, after, depth=depth + 1)), after


def header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Return type, start and end of the content of the parameter at ``at``."""
    first = data[at]
    if first >= TV_LIMIT:
        kind, start = first - TV_LIMIT, at + 1
        if kind not in PARAMETERS_BY_TYPE:
            raise DecodeError(f"A parameter of unknown type {kind} has no length to skip it by")
        after = start + PARAMETERS_BY_TYPE[kind].tv_size
    else:
        start = at + TLV_HEADER
        if start > end:
            raise DecodeError("A parameter's header is cut off")
        kind, length = _TLV.unpack_from(data, at)
        kind &= _TYPE_BITS
        after = at + length
        if kind < TV_LIMIT or length < TLV_HEADER:
            raise DecodeError(f"A parameter has type {kind} and length {length}")
    if after > end:
        raise DecodeError(f"A parameter of type {kind} is longer than what holds it")
    return kind, start, after


def _check(plan: Plan, parameters: Sequence[Parameter]) -> None:
    """Refuse a missing or doubled parameter where the standard has exactly or at most one."""
    if not plan.slots:
        return
    counts = [0] * len(plan.slots)
    for parameter in parameters:
        place = plan.place.get(parameter.name)
        if place is not None:
            counts[place] += 1
    for slot, count in zip(plan.slots, counts, strict=True):
        if (count == 0 and slot.required) or (count > 1 and slot.single):
            raise DecodeError(f"{plan.name} has {count} of {' or '.join(slot.names)}")


def write_body(plan: Plan, fields: Fields, parameters: Sequence[Parameter], out: bytearray) -> None:
    """Append fields, then parameters in the order of the standard."""
    unknown = fields.keys() - plan.known
    if unknown:
        raise EncodeError(f"{plan.name} has no field {', '.join(sorted(unknown))}")
    for step in plan.steps:
        step.write(fields, out)
    for parameter in in_order(plan, parameters):
        write_parameter(parameter, out)


def in_order(plan: Plan, parameters: Sequence[Parameter]) -> list[Parameter]:
    """Sort by the standard's order; what it does not know stays behind its neighbour."""
    places, place = [], 0
    for parameter in parameters:
        place = plan.place.get(parameter.name, place)
        places.append(place)
    order = sorted(range(len(places)), key=places.__getitem__)
    return [parameters[at] for at in order]


def write_parameter(parameter: Parameter, out: bytearray) -> None:
    """Append one parameter with its header."""
    if parameter.name == UNKNOWN:
        _write_opaque(parameter.number("Type"), parameter.raw("Data"), out)
        return
    plan = PARAMETERS.get(parameter.name)
    if plan is None:
        raise EncodeError(f"There is no parameter {parameter.name}")
    if plan.is_tv:
        out.append(TV_LIMIT + plan.type)
        write_body(plan, parameter.fields, parameter.parameters, out)
        return
    start = len(out)
    out += _TLV.pack(plan.type, 0)
    write_body(plan, parameter.fields, parameter.parameters, out)
    _set_length(out, start, plan.type)


def _write_opaque(kind: int, content: bytes, out: bytearray) -> None:
    if kind < TV_LIMIT:
        out.append(TV_LIMIT + kind)
        out += content
        return
    start = len(out)
    out += _TLV.pack(kind, 0) + content
    _set_length(out, start, kind)


def _set_length(out: bytearray, start: int, kind: int) -> None:
    length = len(out) - start
    if length > MAX_TLV:
        raise EncodeError(f"A parameter of type {kind} has {length} bytes, over 65,535")
    _TLV.pack_into(out, start, kind, length)
