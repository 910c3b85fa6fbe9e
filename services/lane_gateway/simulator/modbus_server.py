"""A Modbus TCP server of our own, small enough to be told how to misbehave."""

import contextlib
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

HEADER = struct.Struct(">HHHB")
LONGEST_PDU = 253
READ_COILS, READ_INPUTS, READ_REGISTERS, READ_INPUT_REGISTERS = 1, 2, 3, 4
WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS = 5, 6, 15, 16
WRITES = frozenset({WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS})
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
COIL_ON = 0xFF00


class Bank(Protocol):
    """What stands behind the server's addresses; ``IndexError`` for one that is not there."""

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Return coils or discrete inputs."""

    def write_bits(self, address: int, bits: Sequence[bool]) -> None:
        """Set coils."""

    def read_words(self, function: int, address: int, count: int) -> Sequence[int]:
        """Return holding or input registers."""

    def write_words(self, address: int, words: Sequence[int]) -> None:
        """Set holding registers."""


@dataclass
class ModbusFaults:
    """How the server misbehaves at the moment; each is read at every request.

    ``silent`` swallows requests, ``deaf_to`` only those of the named functions, ``swallow_answer``
    carries a request out but says nothing, ``delay`` answers late, ``exception`` answers every
    request with that code, ``short_bits`` sends fewer bits than were asked for, ``refuse`` closes
    new connections at once.
    """

    silent: bool = False
    deaf_to: frozenset[int] = frozenset()
    swallow_answer: frozenset[int] = frozenset()
    delay: float = 0.0
    exception: int = 0
    short_bits: bool = False
    refuse: bool = False


@dataclass
class _Client:
    connection: socket.socket
    buffer: bytes = b""
    late: list[tuple[float, bytes]] = field(default_factory=list)


class ModbusServer:
    """Serves one bank on a loopback port, in a thread of its own."""

    def __init__(self, bank: Bank, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.faults = ModbusFaults()
        self.requests = 0
        self._bank = bank
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._clients: dict[socket.socket, _Client] = {}
        self._thread = threading.Thread(target=self._serve, name="modbus", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close all connections and the port."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.disconnect()
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(self._listener)
        self._listener.close()
        self._selector.close()

    def disconnect(self) -> None:
        """Reset all connections, as a module that loses power does."""
        for connection in list(self._clients):
            self._forget(connection, reset=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(timeout=0.005):
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.fileobj, socket.socket):
                    self._receive(key.fileobj)
            self._send_late()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        if self.faults.refuse:
            connection.close()
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._clients[connection] = _Client(connection)
        self._selector.register(connection, selectors.EVENT_READ)

    def _receive(self, connection: socket.socket) -> None:
        client = self._clients.get(connection)
        if client is None:
            return
        try:
            data = connection.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._forget(connection)
            return
        client.buffer += data
        while (request := _next_request(client)) is not None:
            self._answer(client, *request)

    def _answer(self, client: _Client, transaction: int, unit: int, pdu: bytes) -> None:
        self.requests += 1
        faults, function = self.faults, pdu[0]
        if faults.silent or function in faults.deaf_to:
            return
        answer = self._carry_out(pdu)
        if function in faults.swallow_answer:
            return
        frame = HEADER.pack(transaction, 0, len(answer) + 1, unit) + answer
        client.late.append((time.monotonic() + faults.delay, frame))

    def _carry_out(self, pdu: bytes) -> bytes:
        function = pdu[0]
        if self.faults.exception:
            return bytes([function | 0x80, self.faults.exception])
        handler = _HANDLERS.get(function)
        if handler is None:
            return bytes([function | 0x80, ILLEGAL_FUNCTION])
        try:
            answer = handler(self._bank, pdu)
        except IndexError:
            return bytes([function | 0x80, ILLEGAL_ADDRESS])
        except (ValueError, struct.error):
            return bytes([function | 0x80, ILLEGAL_VALUE])
        if self.faults.short_bits and function in {READ_COILS, READ_INPUTS}:
            return bytes([function, 0])
        return answer

    def _send_late(self) -> None:
        now = time.monotonic()
        for client in list(self._clients.values()):
            due = [frame for at, frame in client.late if at <= now]
            client.late = [(at, frame) for at, frame in client.late if at > now]
            try:
                for frame in due:
                    client.connection.sendall(frame)
            except OSError:
                self._forget(client.connection)

    def _forget(self, connection: socket.socket, *, reset: bool = False) -> None:
        self._clients.pop(connection, None)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(connection)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


def _next_request(client: _Client) -> tuple[int, int, bytes] | None:
    if len(client.buffer) < HEADER.size + 1:
        return None
    transaction, _, length, unit = HEADER.unpack_from(client.buffer)
    end = HEADER.size - 1 + length
    if length < 2 or length > LONGEST_PDU + 1:  # noqa: PLR2004 - unit and function at least
        client.buffer = b""
        return None
    if len(client.buffer) < end:
        return None
    pdu, client.buffer = client.buffer[HEADER.size : end], client.buffer[end:]
    return transaction, unit, pdu


def _read_bits(bank: Bank, pdu: bytes) -> bytes:
    function, address, count = struct.unpack(">BHH", pdu)
    bits = bank.read_bits(function, address, count)
    data = bytearray((count + 7) // 8)
    for place, bit in enumerate(bits):
        data[place // 8] |= bit << place % 8
    return bytes([function, len(data)]) + bytes(data)


def _read_words(bank: Bank, pdu: bytes) -> bytes:
    function, address, count = struct.unpack(">BHH", pdu)
    words = bank.read_words(function, address, count)
    return bytes([function, 2 * count]) + struct.pack(f">{count}H", *words)


def _write_coil(bank: Bank, pdu: bytes) -> bytes:
    _, address, value = struct.unpack(">BHH", pdu)
    bank.write_bits(address, [value == COIL_ON])
    return pdu


def _write_register(bank: Bank, pdu: bytes) -> bytes:
    _, address, value = struct.unpack(">BHH", pdu)
    bank.write_words(address, [value])
    return pdu


def _write_coils(bank: Bank, pdu: bytes) -> bytes:
    _, address, count, _ = struct.unpack_from(">BHHB", pdu)
    data = pdu[6:]
    if len(data) * 8 < count:
        raise ValueError
    bank.write_bits(address, [bool(data[at // 8] >> at % 8 & 1) for at in range(count)])
    return pdu[:5]


def _write_registers(bank: Bank, pdu: bytes) -> bytes:
    _, address, count, _ = struct.unpack_from(">BHHB", pdu)
    bank.write_words(address, struct.unpack(f">{count}H", pdu[6:]))
    return pdu[:5]


_HANDLERS: dict[int, Callable[[Bank, bytes], bytes]] = {
    READ_COILS: _read_bits,
    READ_INPUTS: _read_bits,
    READ_REGISTERS: _read_words,
    READ_INPUT_REGISTERS: _read_words,
    WRITE_COIL: _write_coil,
    WRITE_REGISTER: _write_register,
    WRITE_COILS: _write_coils,
    WRITE_REGISTERS: _write_registers,
}
