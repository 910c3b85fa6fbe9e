"""What the site's file of lanes says of a lane's devices, and what is wrong with it.

A device is named by its address alone (``"host:port"``), or by an object with the address and
whatever differs from the usual. Numbers of inputs, coils and registers count from 0, as in the
Modbus protocol, not from 1 as in many wiring plans.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.lane_gateway.devices.io_map import (
    COILS,
    SINGLE_INPUTS,
    WITH_COUNTER,
    WITHOUT_COUNTER,
    IOMap,
)
from services.lane_gateway.devices.llrp.settings import (
    PROFILES,
    ReaderAddress,
    SessionSettings,
    TlsSettings,
)
from shared.errors import InvalidInput

HIGHEST_PORT = 65_535
HIGHEST_ADDRESS = 65_535
"""Addresses of Modbus are 16 bits wide."""
HIGHEST_UNIT = 247
"""Of a single Modbus unit; what is above is reserved."""
LAST_SESSION = 3
"""Gen2 has the sessions S0 to S3."""
MOST_POWER_DBM = 36.0
"""4 W EIRP, the most that 47 CFR 15.247 and its Mexican counterpart leave to a reader."""


@dataclass(frozen=True, kw_only=True)
class GateDevice:
    """A gate's module: where it listens and how it is wired."""

    address: tuple[str, int]
    io_map: IOMap


@dataclass(frozen=True, kw_only=True)
class ReaderDevice:
    """A reader: where it listens and what it is asked for."""

    address: ReaderAddress
    settings: SessionSettings


class Address(fields.Field[tuple[str, int]]):
    """A host and a port, as ``host:port``; the simulator takes port 0 for any that is free."""

    def _deserialize(self, value: Any, *_: object, **__: object) -> tuple[str, int]:
        host, colon, port = str(value).rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdecimal():
            raise ValidationError("This is no host:port.")
        if int(port) > HIGHEST_PORT:
            raise ValidationError("There is no such port.")
        return host, int(port)


def _number(highest: int, lowest: int = 0, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(lowest, highest), **more)


class TlsSchema(Schema):
    """The authority that vouches for a reader, and the name in its certificate."""

    authority = fields.String(required=True)
    name = fields.String(required=True)

    @post_load
    def _made(self, data: dict[str, str], **_: object) -> TlsSettings:
        return TlsSettings(authority=Path(data["authority"]), server_name=data["name"])


class ReaderSchema(Schema):
    """A reader."""

    address = Address(required=True)
    profile = fields.String(validate=validate.OneOf(list(PROFILES)), load_default="standard")
    antennas = fields.List(_number(255, 1), validate=validate.Length(1, 32))
    power_dbm = fields.Float(validate=validate.Range(0.0, MOST_POWER_DBM), allow_nan=False)
    session = _number(LAST_SESSION)
    tags = _number(1000, 1)
    tls = fields.Nested(TlsSchema)

    @post_load
    def _made(self, data: dict[str, Any], **_: object) -> ReaderDevice:
        (host, port), tls = data.pop("address"), data.pop("tls", None)
        profile = PROFILES[data.pop("profile")]
        if "antennas" in data:
            data["antennas"] = tuple(data["antennas"])
        return ReaderDevice(
            address=ReaderAddress(host=host, port=port, tls=tls), settings=profile.changed(**data)
        )


_NAMED = Schema.from_dict({name: _number(HIGHEST_ADDRESS) for name in (*SINGLE_INPUTS, *COILS)})
"""Inputs and coils, by their names."""


class WiringSchema(_NAMED):  # type: ignore[valid-type,misc]  # made of a dictionary
    """Which address is what; each one that is not named is as ``IOMap`` has it."""

    unit = _number(HIGHEST_UNIT)
    counter = fields.List(_number(HIGHEST_ADDRESS), validate=validate.Length(0, 4))
    inverted = fields.List(fields.String(validate=validate.OneOf([*SINGLE_INPUTS, *COILS])))
    loop_fault = _number(HIGHEST_ADDRESS, allow_none=True)
    heartbeat = _number(HIGHEST_ADDRESS)
    watchdog = _number(HIGHEST_ADDRESS)


class GateSchema(Schema):
    """A gate's module."""

    address = Address(required=True)
    map = fields.Nested(WiringSchema)


def read_reader(said: object) -> ReaderDevice:
    """Return the reader that ``said`` names; raise ``InvalidInput`` with the place of the fault."""
    device: ReaderDevice = _load(ReaderSchema(), said)
    return device


def read_gate(said: object, *, counter: bool = False) -> GateDevice:
    """Return the gate that ``said`` names; ``counter`` wires an occupant counter as usual.

    Raise ``InvalidInput`` with the place of the fault.
    """
    data = _load(GateSchema(), said)
    usual = WITH_COUNTER if counter else WITHOUT_COUNTER
    return GateDevice(address=data["address"], io_map=usual.changed(**data.get("map", {})))


def read_address(said: object) -> tuple[str, int]:
    """Return a host and a port; raise ``InvalidInput`` if ``said`` is none."""
    try:
        return Address().deserialize(said)
    except ValidationError as error:
        raise InvalidInput({"address": [str(text) for text in error.messages]}) from error


def _load(schema: Schema, said: object) -> Any:
    try:
        return schema.load(said if isinstance(said, Mapping) else {"address": said})
    except ValidationError as error:
        faults = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
        raise InvalidInput(dict(_places(faults))) from error


def _places(messages: Mapping[Any, Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each fault with its place, as in ``map.counter.0``."""
    for name, inner in messages.items():
        place = f"{before}{name}"
        if isinstance(inner, Mapping):
            yield from _places(inner, f"{place}.")
        else:
            yield place, [str(text) for text in inner]
