"""Fields on the wire: numbers, flags packed into bytes, and lists with a count before them."""

import struct
from collections.abc import Sequence
from itertools import groupby

from services.lane_gateway.devices.llrp.definition import FieldLine
from services.lane_gateway.devices.llrp.errors import DecodeError, EncodeError
from services.lane_gateway.devices.llrp.values import Bits, Fields, Value

Flags = Sequence[tuple[str, int, int]]
"""Name, shift and width of each group of bits within one or two bytes."""

FIXED = {
    "u8": "B",
    "s8": "b",
    "u16": "H",
    "s16": "h",
    "u32": "I",
    "u64": "Q",
    "u96": "12s",
}
COUNTED = {"u1v", "u8v", "u16v", "u32v", "utf8v"}
_EPC_96_BYTES = 12
_COUNT = struct.Struct(">H")


class Numbers:
    """A run of fields of fixed size, read and written with one ``struct``."""

    def __init__(self, lines: Sequence[FieldLine]) -> None:
        places = [
            place
            for packed, group in groupby(lines, key=lambda line: line.type not in FIXED)
            for place in (_packed(list(group)) if packed else _plain(list(group)))
        ]
        self.codes = [code for code, _, _ in places]
        self.names = [name for _, name, _ in places]
        self.flags = {at: flags for at, (_, _, flags) in enumerate(places) if flags}
        self.format = "".join(self.codes)
        self.size = struct.calcsize(f">{self.format}")
        self._struct = struct.Struct(f">{self.format}")

    def read(self, data: bytes, at: int, end: int, into: dict[str, Value]) -> int:
        """Read the fields at ``at`` into ``into`` and return where they end."""
        after = at + self.size
        if after > end:
            raise DecodeError(f"The fields {', '.join(self.names)} are cut off")
        for place, value in enumerate(self._struct.unpack_from(data, at)):
            if place in self.flags:
                _unpack(self.flags[place], value, into)
            else:
                into[self.names[place]] = value
        return after

    def write(self, fields: Fields, out: bytearray) -> None:
        """Append the fields; what is not given is zero."""
        values = [
            _pack(self.flags[place], fields) if place in self.flags else _given(name, fields, code)
            for place, (name, code) in enumerate(zip(self.names, self.codes, strict=True))
        ]
        try:
            out += self._struct.pack(*values)
        except struct.error as error:
            raise EncodeError(f"{', '.join(self.names)}: {error}") from error


class Counted:
    """A field with its own length before it, or one that takes all bytes to the end."""

    def __init__(self, line: FieldLine) -> None:
        self.name = line.name
        self.type = line.type
        self._bytes = line.type == "u8v" or line.hex

    def read(self, data: bytes, at: int, end: int, into: dict[str, Value]) -> int:
        """Read the field at ``at`` into ``into`` and return where it ends."""
        if self.type == "bytesToEnd":
            into[self.name] = data[at:end]
            return end
        start = at + 2
        if start > end:
            raise DecodeError(f"The length of {self.name} is cut off")
        (count,) = _COUNT.unpack_from(data, at)
        after = start + self.size(count)
        if after > end:
            raise DecodeError(f"{self.name} is longer than what holds it")
        into[self.name] = self.value(count, data[start:after])
        return after

    def size(self, count: int) -> int:
        """Tell how many bytes ``count`` items take."""
        match self.type:
            case "u1v":
                return (count + 7) // 8
            case "u16v":
                return 2 * count
            case "u32v":
                return 4 * count
            case _:
                return count

    def value(self, count: int, raw: bytes) -> Value:
        """Make the field's value of its ``raw`` bytes."""
        if self.type == "u1v":
            return Bits(count, raw)
        if self.type == "utf8v":
            # Readers write Latin-1 now and then; a strange letter must not cost the message.
            return raw.decode("utf-8", "surrogateescape")
        if self._bytes:
            return raw
        return struct.unpack(f">{count}{'H' if self.type == 'u16v' else 'I'}", raw)

    def write(self, fields: Fields, out: bytearray) -> None:
        """Append the field; what is not given is empty."""
        try:
            count, raw = self._raw(fields.get(self.name))
            out += raw if self.type == "bytesToEnd" else _COUNT.pack(count) + raw
        except (struct.error, TypeError, ValueError) as error:
            raise EncodeError(f"{self.name}: {error}") from error

    def _raw(self, value: Value | None) -> tuple[int, bytes]:
        match self.type, value:
            case _, None:
                return 0, b""
            case "u1v", Bits(size, data) if len(data) == self.size(size):
                return size, data
            case "utf8v", str():
                raw = value.encode("utf-8", "surrogateescape")
                return len(raw), raw
            case "u16v", bytes() if self._bytes and len(value) % 2 == 0:
                return len(value) // 2, value
            case "u8v" | "bytesToEnd", bytes():
                return len(value), value
            case "u16v" | "u32v", tuple() if not self._bytes and not isinstance(value, Bits):
                return len(value), struct.pack(f">{len(value)}{self._item}", *value)
            case _:
                raise EncodeError(f"{self.name} cannot hold a {type(value).__name__} like this")

    @property
    def _item(self) -> str:
        return "H" if self.type == "u16v" else "I"


Step = Numbers | Counted


def steps(lines: Sequence[FieldLine]) -> list[Step]:
    """Turn the lines of a definition into as few steps as possible."""
    found: list[Step] = []
    for counted, group in groupby(lines, key=_is_counted):
        run = list(group)
        found += map(Counted, run) if counted else [Numbers(run)]
    return found


def _is_counted(line: FieldLine) -> bool:
    return line.type in COUNTED or line.type == "bytesToEnd"


def _plain(lines: Sequence[FieldLine]) -> list[tuple[str, str, Flags]]:
    return [(FIXED[line.type], line.name, ()) for line in lines]


def _packed(lines: Sequence[FieldLine]) -> list[tuple[str, str, Flags]]:
    """Pack neighbouring bits into bytes, the first one highest."""
    widths = [int(line.type[1:]) for line in lines]
    places, open_lines, filled = [], [], 0
    for line, width in zip(lines, widths, strict=True):
        open_lines.append((line.name, width))
        filled += width
        if filled in {8, 16}:
            places.append(_group(open_lines, filled))
            open_lines, filled = [], 0
    if open_lines:
        raise ValueError(f"The bits {open_lines} fill no whole byte")
    return places


def _group(lines: Sequence[tuple[str, int]], filled: int) -> tuple[str, str, Flags]:
    flags, shift = [], filled
    for name, width in lines:
        shift -= width
        flags.append((name, shift, width))
    return "B" if filled == 8 else "H", lines[0][0], tuple(flags)  # noqa: PLR2004 - a byte


def _unpack(flags: Flags, value: int, into: dict[str, Value]) -> None:
    for name, shift, width in flags:
        bits = value >> shift & (1 << width) - 1
        # Reserved bits are kept where a newer version uses them, so that nothing is lost.
        if bits or name != "Reserved":
            into[name] = bits


def _pack(flags: Flags, fields: Fields) -> int:
    packed = 0
    for name, shift, width in flags:
        bits = fields.get(name, 0)
        if not isinstance(bits, int) or not 0 <= bits < 1 << width:
            raise EncodeError(f"{name} does not fit into {width} bits")
        packed |= bits << shift
    return packed


def _given(name: str, fields: Fields, code: str) -> Value:
    value = fields.get(name, bytes(_EPC_96_BYTES) if code == "12s" else 0)
    if code == "12s" and (not isinstance(value, bytes) or len(value) != _EPC_96_BYTES):
        raise EncodeError(f"{name} has 12 bytes")
    return value
