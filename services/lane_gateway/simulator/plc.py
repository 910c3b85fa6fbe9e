"""A Modbus module with a gate behind it, on a real clock."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from services.lane_gateway.devices.io_map import COILS, SINGLE_INPUTS, IOMap
from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.modbus_server import READ_COILS, ModbusServer

TURN = 0.01
"""Seconds between two looks at the gate."""
INPUTS, REGISTERS = 32, 4
MILLISECONDS = 1000
T = TypeVar("T")


class Plc:
    """Answers on a Modbus port and lets the arm move; safe to be changed from any thread.

    ``moved`` is called after each turn with the time that passed, under ``lock``.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, io_map: IOMap | None = None
    ) -> None:
        self.map = io_map or IOMap()
        self.barrier = Barrier()
        self.lock = threading.RLock()
        self.moved: Callable[[float], None] = lambda _seconds: None
        self.server = ModbusServer(self, host=host, port=port)
        self.port = self.server.port
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="plc", daemon=True)

    def start(self) -> None:
        """Begin to answer and to move."""
        self.server.start()
        self._thread.start()

    def stop(self) -> None:
        """Switch off: connections and port are closed."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.server.stop()

    def restart(self) -> None:
        """Lose power for a moment."""
        with self.lock:
            self.server.disconnect()
            self.barrier.restart()

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Return coils or inputs."""
        with self.lock:
            bits = self._coil_bits() if function == READ_COILS else self._input_bits()
            return _slice(bits, address, count)

    def write_bits(self, address: int, bits: Sequence[bool]) -> None:
        """Set coils; one that is not the gate's is no coil of this module."""
        by_address = {getattr(self.map, name): name for name in COILS}
        with self.lock:
            for place, bit in enumerate(bits):
                name = by_address.get(address + place)
                if name is None:
                    raise IndexError
                if not self.barrier.faults.relays_dead:
                    self.barrier.coils[name] = bit != (name in self.map.inverted)

    def read_words(self, _function: int, address: int, count: int) -> Sequence[int]:
        """Return registers."""
        with self.lock:
            words = [0] * max(REGISTERS, self.map.heartbeat + 1, self.map.watchdog + 1)
            words[self.map.heartbeat] = self.barrier.beat
            words[self.map.watchdog] = round(self.barrier.watchdog * MILLISECONDS)
            return _slice(words, address, count)

    def write_words(self, address: int, words: Sequence[int]) -> None:
        """Set registers: the heartbeat, or the watchdog's time."""
        with self.lock:
            for place, word in enumerate(words):
                if address + place == self.map.heartbeat:
                    self.barrier.set_beat(word)
                elif address + place == self.map.watchdog:
                    self.barrier.watchdog = word / MILLISECONDS
                else:
                    raise IndexError

    def _input_bits(self) -> list[bool]:
        values = self.barrier.inputs()
        bits = [False] * max(INPUTS, self.map.input_block.stop)
        for name in SINGLE_INPUTS:
            bits[getattr(self.map, name)] = values[name] != (name in self.map.inverted)
        if self.map.loop_fault is not None:
            bits[self.map.loop_fault] = values["loop_fault"]
        for place, at in enumerate(self.map.counter):
            bits[at] = bool(self.barrier.occupants >> place & 1)
        return bits

    def _coil_bits(self) -> list[bool]:
        bits = [False] * (self.map.coil_block.stop)
        for name in COILS:
            bits[getattr(self.map, name)] = self.barrier.coils[name] != (name in self.map.inverted)
        return bits

    def _run(self) -> None:
        last = time.monotonic()
        while not self._stopping.wait(TURN):
            now = time.monotonic()
            with self.lock:
                self.barrier.advance(now - last)
                self.moved(now - last)
            last = now


def _slice(values: Sequence[T], address: int, count: int) -> Sequence[T]:
    if count < 1 or address + count > len(values):
        raise IndexError
    return values[address : address + count]
