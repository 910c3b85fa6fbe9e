"""A gate's module on Modbus TCP that knows when the write came which opens the arm.

The stamp is the kernel's, taken when the bytes reach the module's socket; so neither the scheduler
nor the other lanes' devices, which share our thread, stand between the agent and the measurement.
"""

import socket
import struct
import time
from collections.abc import Callable

from benchmarks.lane.loop import Loop
from services.lane_gateway.devices.io_map import COILS, SINGLE_INPUTS, WITH_COUNTER
from services.lane_gateway.simulator.barrier import Barrier

HEADER = struct.Struct(">HHHB")
READ_COILS, READ_INPUTS, READ_REGISTERS, WRITE_REGISTER, WRITE_COILS = 1, 2, 3, 6, 15
LARGEST = 4096
TICK = 0.01
HASTE = 6.0
"""The arm moves so many times faster than a real one, whose 1.2 s leave no room for a vehicle in
every two seconds at four lanes."""
WATCHDOG_SECONDS = 1.0
MILLI = 1000
SO_TIMESTAMPNS = 35
"""As Linux numbers it; the socket module has no name for it."""
TIMESPEC = struct.Struct("qq")
NANO = 1_000_000_000
Opened = Callable[[int], None]
ReadBack = Callable[[], None]


class LoadGate:
    """One module with one client, and the arm behind it.

    ``opened`` is called with the stamp (nanoseconds of the wall clock) of a write that sets the
    open coil, ``read_back`` when the coils are read for the first time after it; both before the
    module answers, so that the agent waits meanwhile.
    """

    def __init__(self, loop: Loop, port: int) -> None:
        self.barrier = Barrier(watchdog=WATCHDOG_SECONDS * HASTE)
        self.opened: Opened = lambda _at: None
        self.read_back: ReadBack = lambda: None
        self.beats = self.scans = 0
        self._loop = loop
        self._just_opened = False
        self._last = time.monotonic()
        loop.listen(port, self._take)
        self._tick()

    @property
    def is_down(self) -> bool:
        """Tell whether the arm rests."""
        return self.barrier.position <= 0.0 and not self.barrier.coils["open"]

    def _tick(self) -> None:
        now = time.monotonic()
        self.barrier.advance((now - self._last) * HASTE)
        self._last = now
        self._loop.after(TICK, self._tick)

    def _take(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        buffer = bytearray()

        def talk() -> None:
            data, stamp = _receive(connection)
            if not data:
                self._loop.forget(connection)
                return
            buffer.extend(data)
            self._answer_all(connection, buffer, stamp)

        self._loop.watch(connection, talk)

    def _answer_all(self, connection: socket.socket, buffer: bytearray, stamp: int) -> None:
        while len(buffer) >= HEADER.size:
            transaction, _, length, unit = HEADER.unpack_from(buffer)
            end = HEADER.size - 1 + length
            if len(buffer) < end:
                return
            answer = self._carry_out(bytes(buffer[HEADER.size : end]), stamp)
            del buffer[:end]
            connection.send(HEADER.pack(transaction, 0, len(answer) + 1, unit) + answer)

    def _carry_out(self, request: bytes, stamp: int) -> bytes:
        function, address, value = struct.unpack_from(">BHH", request)
        match function:
            case 1 | 2:
                bits = self._coil_bits() if function == READ_COILS else self._input_bits()
                self._notice_read(function)
                return _bits_answer(function, bits[address : address + value])
            case 3:
                words = [self.barrier.beat, round(WATCHDOG_SECONDS * MILLI)]
                told = words[address : address + value]
                return struct.pack(f">BB{len(told)}H", function, 2 * len(told), *told)
            case 6:
                self.beats += 1
                self.barrier.set_beat(value)
                return request
            case 15:
                self._write(address, _bits(request[6:], value), stamp)
                return request[:5]
        raise ValueError(f"The agent asks for Modbus function {function}")

    def _write(self, address: int, bits: list[bool], stamp: int) -> None:
        wanted = {name: bits[getattr(WITH_COUNTER, name) - address] for name in COILS}
        if wanted["open"] and not self.barrier.coils["open"]:
            self._just_opened = True
            self.opened(stamp)
        self.barrier.coils.update(wanted)

    def _notice_read(self, function: int) -> None:
        self.scans += function == READ_INPUTS
        if function == READ_COILS and self._just_opened:
            self._just_opened = False
            self.read_back()

    def _coil_bits(self) -> list[bool]:
        coils = self.barrier.coils
        places = {getattr(WITH_COUNTER, name): coils[name] for name in COILS}
        return [places[place] for place in sorted(places)]

    def _input_bits(self) -> list[bool]:
        values = self.barrier.inputs()
        bits = [False] * WITH_COUNTER.input_block.stop
        for name in SINGLE_INPUTS:
            bits[getattr(WITH_COUNTER, name)] = values[name]
        for place, address in enumerate(WITH_COUNTER.counter):
            bits[address] = bool(self.barrier.occupants >> place & 1)
        return bits


def _receive(connection: socket.socket) -> tuple[bytes, int]:
    """Return what came, and when its last segment did; a request is one segment."""
    try:
        data, told, *_ = connection.recvmsg(LARGEST, LARGEST)
    except OSError:
        return b"", 0
    for level, kind, stamp in told:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = TIMESPEC.unpack(stamp)
            return data, seconds * NANO + nanoseconds
    return data, time.time_ns()


def _bits(data: bytes, count: int) -> list[bool]:
    return [bool(data[place // 8] >> place % 8 & 1) for place in range(count)]


def _bits_answer(function: int, bits: list[bool]) -> bytes:
    data = bytearray((len(bits) + 7) // 8)
    for place, bit in enumerate(bits):
        data[place // 8] |= bit << place % 8
    return bytes([function, len(data)]) + bytes(data)
