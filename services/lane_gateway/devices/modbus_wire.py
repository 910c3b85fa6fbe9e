"""Modbus over TCP as far as a gate needs it: one request at a time, each with a time limit.

Modbus Application Protocol 1.1b3 §6 (functions 1, 2, 3, 6 and 15) and Messaging on TCP/IP 1.0b
§3.1.3 (the header). Nothing is taken on trust: an answer counts only with our number, our unit, our
function and exactly as many bits, registers or echoed bytes as were asked for. An answer that comes
too late carries an older number and is passed over.
"""

import socket
import struct
import time
from collections.abc import Callable, Sequence

from services.lane_gateway.use_cases.ports import IOLost

READ_COILS, READ_INPUTS, READ_REGISTERS, WRITE_REGISTER, WRITE_COILS = 1, 2, 3, 6, 15
CHUNK = 1024
_HEADER = struct.Struct(">HHHB")
_SHORTEST, _LONGEST = 3, 254
"""Bytes after the header's length field: the unit, and a body of 2 to 253 bytes."""
_PREFIX = 6
"""Bytes of the header that its length field does not count."""
_REFUSED = 0x80
_MOMENT = 0.001  # seconds; no time limit of a socket may be 0, which means none
_EXCEPTIONS = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledged, not done",
    6: "device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target does not answer",
}


class ModbusWire:
    """A connection with one unit of a module; every doubt becomes ``IOLost``.

    ``patience`` is the time limit of a request in seconds. After an answer that did not come the
    connection goes on; after one that cannot be read it is closed, for its place is lost.
    """

    def __init__(
        self,
        address: tuple[str, int],
        *,
        unit: int,
        connect_within: float,
        patience: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unit = unit
        self._patience = patience
        self._monotonic = monotonic
        self._number = 0
        self._held = b""
        try:
            self._socket: socket.socket | None = socket.create_connection(address, connect_within)
        except OSError as error:
            raise IOLost("The gate's module cannot be reached") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(patience)

    def read_bits(self, function: int, start: int, count: int) -> list[bool]:
        """Return ``count`` inputs or coils from address ``start`` on."""
        body = self._ask(struct.pack(">BHH", function, start, count))
        size = (count + 7) // 8
        if len(body) != 2 + size or body[1] != size:
            raise IOLost("The gate's module answered with the wrong number of inputs")
        value = int.from_bytes(body[2:], "little")
        return [bool(value >> place & 1) for place in range(count)]

    def read_register(self, address: int) -> int:
        """Return one holding register."""
        body = self._ask(struct.pack(">BHH", READ_REGISTERS, address, 1))
        if len(body) != 4 or body[1] != 2:  # noqa: PLR2004 - two bytes are one register
            raise IOLost("The gate's module answered with the wrong number of registers")
        return int.from_bytes(body[2:])

    def write_register(self, address: int, value: int) -> None:
        """Set one holding register."""
        request = struct.pack(">BHH", WRITE_REGISTER, address, value)
        self._check_echo(self._ask(request), request)

    def write_coils(self, start: int, bits: Sequence[bool]) -> None:
        """Set all coils from address ``start`` on in one request."""
        size = (len(bits) + 7) // 8
        value = sum(bit << place for place, bit in enumerate(bits))
        head = struct.pack(">BHH", WRITE_COILS, start, len(bits))
        answer = self._ask(head + bytes([size]) + value.to_bytes(size, "little"))
        self._check_echo(answer, head)

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _check_echo(self, answer: bytes, expected: bytes) -> None:
        if answer != expected:
            raise IOLost("The gate's module confirmed something else than was written")

    def _ask(self, request: bytes) -> bytes:
        """Return the body of the answer to ``request``, without the header."""
        if self._socket is None:
            raise IOLost("There is no connection with the gate's module")
        self._number = self._number + 1 & 0xFFFF
        header = _HEADER.pack(self._number, 0, len(request) + 1, self._unit)
        try:
            self._socket.sendall(header + request)
            answer = self._await_answer(self._socket)
        except OSError as error:
            self.close()
            raise IOLost("The connection with the gate's module broke") from error
        if answer[0] == request[0] | _REFUSED:
            why = _EXCEPTIONS.get(answer[1], f"exception {answer[1]}")
            raise IOLost(f"The gate's module refused a request: {why}")
        if answer[0] != request[0]:
            self._lose_place("answered another question than was asked")
        return answer

    def _await_answer(self, line: socket.socket) -> bytes:
        until = self._monotonic() + self._patience
        left = self._patience
        try:
            while left > 0:
                data = line.recv(CHUNK)
                if not data:
                    raise ConnectionResetError
                self._held += data
                answer = self._take()
                if answer is not None:
                    return answer
                # Late answers and single bytes use up the same time.
                left = until - self._monotonic()
                line.settimeout(max(left, _MOMENT))
        except TimeoutError as error:
            raise IOLost("The gate's module did not answer") from error
        finally:
            if left != self._patience:
                line.settimeout(self._patience)
        raise IOLost("The gate's module did not answer in time")

    def _take(self) -> bytes | None:
        """Return the body of our answer once it is there whole; pass over those of others."""
        while len(self._held) >= _HEADER.size:
            number, protocol, length, unit = _HEADER.unpack_from(self._held)
            if protocol != 0 or not _SHORTEST <= length <= _LONGEST:
                self._lose_place("does not speak Modbus")
            if len(self._held) < _PREFIX + length:
                return None
            body = self._held[_HEADER.size : _PREFIX + length]
            self._held = self._held[_PREFIX + length :]
            if number == self._number:
                if unit != self._unit:
                    self._lose_place("answered for another unit")
                return body
        return None

    def _lose_place(self, why: str) -> None:
        self.close()
        raise IOLost(f"The gate's module {why}")
