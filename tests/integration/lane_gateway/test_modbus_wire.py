"""Modbus frames of our own against a peer that answers whatever the test wants."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from deploy.local.ports import free_port
from services.lane_gateway.devices.modbus_wire import (
    READ_COILS,
    READ_INPUTS,
    ModbusWire,
)
from services.lane_gateway.use_cases.ports import IOLost

UNIT = 3
PATIENCE = 0.3
Answers = Callable[[int, bytes], Iterable[bytes]]


class Peer:
    """Takes one connection and answers each request with the pieces that ``answers`` gives."""

    def __init__(self, answers: Answers) -> None:
        self.requests: list[bytes] = []
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = ("127.0.0.1", int(self._listener.getsockname()[1]))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self._listener.close()
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        line.settimeout(5)
        with line, suppress(OSError):  # whoever gave up waiting has gone
            while request := line.recv(300):
                self.requests.append(request)
                (number,) = struct.unpack_from(">H", request)
                for piece in self._answers(number, request[7:]):
                    if not piece:
                        return
                    line.sendall(piece)
                    time.sleep(0.01)


def frame(number: int, body: bytes, *, unit: int = UNIT, protocol: int = 0) -> bytes:
    return struct.pack(">HHHB", number, protocol, len(body) + 1, unit) + body


@pytest.fixture
def talk() -> Iterator[Callable[[Answers], ModbusWire]]:
    opened: list[tuple[ModbusWire, Peer]] = []

    def connect(answers: Answers) -> ModbusWire:
        peer = Peer(answers)
        wire = ModbusWire(peer.address, unit=UNIT, connect_within=1.0, patience=PATIENCE)
        opened.append((wire, peer))
        return wire

    yield connect
    for wire, peer in opened:
        wire.close()
        peer.stop()


Talk = Callable[[Answers], ModbusWire]
INPUTS = bytes([READ_INPUTS, 2, 0b0000_0101, 0b0000_0010])


def test_bits_come_in_the_order_of_their_addresses(talk: Talk) -> None:
    wire = talk(lambda number, _: [frame(number, INPUTS)])

    bits = wire.read_bits(READ_INPUTS, 0, 10)

    assert [place for place, on in enumerate(bits) if on] == [0, 2, 9]
    assert len(bits) == 10


def test_an_answer_in_single_bytes_is_an_answer(talk: Talk) -> None:
    wire = talk(lambda number, _: [bytes([byte]) for byte in frame(number, INPUTS)])

    assert wire.read_bits(READ_INPUTS, 0, 10)[9]
    assert wire.read_bits(READ_INPUTS, 0, 10)[9], "the time limit must stand again"


def test_an_answer_that_trickles_too_slowly_is_none(talk: Talk) -> None:
    def trickle(number: int, _: bytes) -> Iterator[bytes]:
        for byte in frame(number, INPUTS)[:8]:
            time.sleep(0.1)
            yield bytes([byte])

    wire = talk(trickle)
    started = time.monotonic()

    with pytest.raises(IOLost, match="did not answer"):
        wire.read_bits(READ_INPUTS, 0, 10)

    assert PATIENCE <= time.monotonic() - started < PATIENCE + 0.2


@pytest.mark.fault(26)
def test_a_flood_of_old_answers_does_not_stretch_the_time(talk: Talk) -> None:
    def flood(number: int, _: bytes) -> Iterator[bytes]:
        for _again in range(60):
            yield frame(number - 1, INPUTS)

    wire = talk(flood)
    started = time.monotonic()

    with pytest.raises(IOLost, match="did not answer"):
        wire.read_bits(READ_INPUTS, 0, 10)

    assert time.monotonic() - started < PATIENCE + 0.2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda number: frame(number, INPUTS, unit=UNIT + 1), "another unit"),
        (lambda number: frame(number, INPUTS, protocol=1), "not speak Modbus"),
        (lambda number: struct.pack(">HHHB", number, 0, 2, UNIT) + b"\x02", "not speak Modbus"),
        (lambda number: struct.pack(">HHHB", number, 0, 255, UNIT) + b"\x02", "not speak Modbus"),
        (lambda number: frame(number, bytes([READ_COILS]) + INPUTS[1:]), "another question"),
        (lambda _: b"", "broke"),
    ],
)
def test_an_answer_that_cannot_be_trusted_ends_the_connection(
    talk: Talk, answer: Callable[[int], bytes], why: str
) -> None:
    wire = talk(lambda number, _: [answer(number)])

    with pytest.raises(IOLost, match=why):
        wire.read_bits(READ_INPUTS, 0, 10)
    with pytest.raises(IOLost, match="no connection"):
        wire.read_bits(READ_INPUTS, 0, 10)


@pytest.mark.fault(27)
@pytest.mark.parametrize(
    "body",
    [
        bytes([READ_INPUTS, 1, 5]),
        bytes([READ_INPUTS, 2, 5]),
        bytes([READ_INPUTS, 3, 5, 2, 0]),
        bytes([READ_INPUTS, 1, 5, 2]),
    ],
)
def test_a_wrong_number_of_bits_is_no_answer(talk: Talk, body: bytes) -> None:
    wire = talk(lambda number, _: [frame(number, body)])

    with pytest.raises(IOLost, match="wrong number of inputs"):
        wire.read_bits(READ_INPUTS, 0, 10)


@pytest.mark.fault(27)
@pytest.mark.parametrize(
    ("code", "name"), [(2, "illegal data address"), (6, "device busy"), (77, "exception 77")]
)
def test_an_exception_is_named(talk: Talk, code: int, name: str) -> None:
    wire = talk(lambda number, request: [frame(number, bytes([request[0] | 0x80, code]))])

    with pytest.raises(IOLost, match=name):
        wire.write_register(0, 7)


@pytest.mark.parametrize(
    "echo",
    [
        lambda request: request[:3] + b"\x00\x03",
        lambda request: b"\x0f\x00\x01" + request[3:5],
        lambda request: request[:4],
        lambda request: request,
    ],
)
def test_a_write_counts_only_where_exactly_it_was_confirmed(
    talk: Talk, echo: Callable[[bytes], bytes]
) -> None:
    wire = talk(lambda number, request: [frame(number, echo(request))])

    with pytest.raises(IOLost, match="something else"):
        wire.write_coils(0, [True, False, False, False])


def test_registers_are_whole_or_no_answer(talk: Talk) -> None:
    answers = iter([bytes([3, 2, 1, 244]), bytes([3, 1, 1]), bytes([3, 4, 0, 1, 0, 2])])
    wire = talk(lambda number, _: [frame(number, next(answers))])

    assert wire.read_register(1) == 500
    for _ in range(2):
        with pytest.raises(IOLost, match="wrong number of registers"):
            wire.read_register(1)


def test_numbers_of_requests_begin_anew_after_the_last_one(talk: Talk) -> None:
    numbers: list[int] = []

    def answer(number: int, _: bytes) -> Iterable[bytes]:
        numbers.append(number)
        return [frame(number, INPUTS)]

    wire = talk(answer)
    wire._number = 0xFFFE  # noqa: SLF001 - 65,534 requests would take a minute

    for _ in range(3):
        wire.read_bits(READ_INPUTS, 0, 10)

    assert numbers == [0xFFFF, 0, 1]


@pytest.fixture
def foreign() -> Iterator[int]:
    """A module as others write it; the number of its port."""
    port, loop = free_port(), asyncio.new_event_loop()
    bits = SimData(0, count=16, values=False, datatype=DataType.BITS)
    words = SimData(0, count=8, values=0, datatype=DataType.REGISTERS)
    device = SimDevice(UNIT, simdata=([bits], [bits], [words], [words]))

    async def serve() -> ModbusTcpServer:
        server = ModbusTcpServer(device, address=("127.0.0.1", port))
        await server.serve_forever(background=True)
        return server

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(5)
    yield port
    ended = server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus leaves it so
    asyncio.run_coroutine_threadsafe(ended, loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


def test_a_server_that_others_wrote_understands_all_of_it(foreign: int) -> None:
    wire = ModbusWire(("127.0.0.1", foreign), unit=UNIT, connect_within=1.0, patience=1.0)
    try:
        wire.write_coils(4, [True, False, True])
        wire.write_register(2, 513)

        assert wire.read_bits(READ_COILS, 3, 5) == [False, True, False, True, False]
        assert wire.read_bits(READ_INPUTS, 0, 11) == [False] * 11
        assert wire.read_register(2) == 513
        with pytest.raises(IOLost, match="illegal data address"):
            wire.read_bits(READ_COILS, 12, 9)
    finally:
        wire.close()
