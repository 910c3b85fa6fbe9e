"""Whole messages: a header of ten bytes, fields, parameters."""

import struct

from services.lane_gateway.devices.llrp.errors import DecodeError, EncodeError
from services.lane_gateway.devices.llrp.parameters import read_body, write_body
from services.lane_gateway.devices.llrp.tables import MESSAGES, MESSAGES_BY_TYPE
from services.lane_gateway.devices.llrp.tags import TAG_REPORTS, read_tag_reports
from services.lane_gateway.devices.llrp.values import UNKNOWN, Message

HEADER = struct.Struct(">HII")
HEADER_BYTES = HEADER.size
MAX_VERSION = 7
_TYPE_BITS = 0x3FF
_VERSION_SHIFT = 10


def decode(frame: bytes) -> Message:
    """Read one whole frame; raise ``DecodeError``, and nothing else, if it is none.

    A message that no definition knows comes back as ``Unknown``, its bytes in ``Data``.
    """
    frame = bytes(frame)
    if len(frame) < HEADER_BYTES:
        raise DecodeError(f"A frame of {len(frame)} bytes has no header")
    first, length, message_id = HEADER.unpack_from(frame)
    if length != len(frame):
        raise DecodeError(f"A frame of {len(frame)} bytes calls itself {length} bytes long")
    version, kind = first >> _VERSION_SHIFT & MAX_VERSION, first & _TYPE_BITS
    plan = MESSAGES_BY_TYPE.get(kind)
    if plan is None:
        opaque = {"Type": kind, "Data": frame[HEADER_BYTES:]}
        return Message(UNKNOWN, opaque, id=message_id, version=version)
    if kind == TAG_REPORTS.type:
        reports = read_tag_reports(frame, HEADER_BYTES)
        return Message(plan.name, parameters=reports, id=message_id, version=version)
    fields, parameters = read_body(plan, frame, HEADER_BYTES, length)
    return Message(plan.name, fields, parameters, id=message_id, version=version)


def encode(message: Message) -> bytes:
    """Write one message, its parameters in the standard's order; raise ``EncodeError``."""
    out = bytearray(HEADER_BYTES)
    if message.name == UNKNOWN:
        kind = message.number("Type")
        out += message.raw("Data")
    else:
        plan = MESSAGES.get(message.name)
        if plan is None:
            raise EncodeError(f"There is no message {message.name}")
        kind = plan.type
        write_body(plan, message.fields, message.parameters, out)
    if not (0 <= message.version <= MAX_VERSION and 0 <= kind <= _TYPE_BITS):
        raise EncodeError(f"There is no version {message.version} or no type {kind}")
    try:
        HEADER.pack_into(out, 0, message.version << _VERSION_SHIFT | kind, len(out), message.id)
    except struct.error as error:
        raise EncodeError(f"The header of {message.name}: {error}") from error
    return bytes(out)
