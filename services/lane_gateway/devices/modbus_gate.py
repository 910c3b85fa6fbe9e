"""The port ``LaneIO`` over Modbus TCP.

pymodbus returns exceptions instead of raising them, pads the bits of an answer, and waits 12 s for
a silent peer unless told otherwise; every answer is checked here and every doubt becomes
``IOLost``. Late answers are skipped by their transaction id.
"""

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from pymodbus import ModbusException
from pymodbus.client import ModbusTcpClient
from pymodbus.pdu import ModbusPDU

from services.lane_gateway.devices.io_map import IOMap
from services.lane_gateway.domain.signals import SHUT, LaneInputs, LaneOutputs, Signal
from services.lane_gateway.use_cases.ports import IOInfo, IOLost

ANSWER_WITHIN = 0.4
"""Seconds for one request: a module on the lane's own wire answers within 10 ms or not at all."""

logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # each failure is raised as IOLost


class ModbusGate:
    """A gate's module over Modbus TCP; not for more than one thread."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        io_map: IOMap | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host = host
        self._port = port
        self._map = io_map or IOMap()
        self._monotonic = monotonic
        self._client: ModbusTcpClient | None = None
        self._in_doubt = True
        self._lapse_at: float | None = None
        self._beat = 0

    def open(self, deadline: float) -> IOInfo:
        """Connect before ``deadline`` and read watchdog, inputs and coils; or raise ``IOLost``.

        The coils are zeroed where we do not know who set them: at the first opening, and after a
        write that may still happen because its answer did not come. They are left where something
        stands, or may stand, under an arm that is not down: zero would lower it.
        """
        self._drop()
        self._client = self._connect(deadline)
        watchdog = self._read_registers(self._map.watchdog)
        inputs, found = self.scan(), self._read_outputs()
        zeroed = self._in_doubt and not _under_the_arm(inputs)
        if zeroed:
            self._write_coils(SHUT)
            found = self._verified(SHUT)
        self._in_doubt = self._in_doubt and not zeroed
        self._lapse_at = None
        return IOInfo(
            watchdog=watchdog / 1000,
            outputs=found,
            zeroed=zeroed,
            has_counter=bool(self._map.counter),
        )

    def scan(self) -> LaneInputs:
        """Read all inputs in one request; or raise ``IOLost``."""
        block, taken = self._map.input_block(), self._monotonic()
        answer = self._ask(
            lambda client: client.read_discrete_inputs(
                block.start, count=len(block), device_id=self._map.unit
            )
        )
        return self._map.inputs(_bits(answer, len(block)), taken)

    def write(self, out: LaneOutputs, ttl: float) -> None:
        """Set all coils in one request and read them back; or raise ``IOLost``.

        After ``ttl`` seconds without another write the heartbeat stops, so that the module lets go.
        """
        try:
            self._write_coils(out)
            self._verified(out)
        except IOLost:
            self._doubt()
            raise
        self._lapse_at = self._monotonic() + ttl

    def heartbeat(self) -> None:
        """Change the register that the module's watchdog looks at; or raise ``IOLost``."""
        if self._lapse_at is not None and self._monotonic() > self._lapse_at:
            raise IOLost("The outputs have lapsed")
        self._beat = (self._beat + 1) & 0xFFFF
        beat = self._beat
        self._ask(
            lambda client: client.write_register(
                self._map.heartbeat, beat, device_id=self._map.unit
            )
        )

    def close(self) -> None:
        """Let go of the connection; the module's watchdog then lets go of the coils."""
        self._drop()

    def _connect(self, deadline: float) -> ModbusTcpClient:
        seconds = min(ANSWER_WITHIN, deadline - self._monotonic())
        if seconds <= 0:
            raise IOLost("No time is left to reach the gate's module")
        client = ModbusTcpClient(self._host, port=self._port, timeout=seconds, retries=0)
        client.connect()  # type: ignore[no-untyped-call]  # pymodbus leaves it so
        if client.socket is None:
            raise IOLost("The gate's module cannot be reached")
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def _write_coils(self, out: LaneOutputs) -> None:
        block, bits = self._map.coil_block(), self._map.coils(out)
        self._ask(lambda client: client.write_coils(block.start, bits, device_id=self._map.unit))

    def _read_outputs(self) -> LaneOutputs:
        block = self._map.coil_block()
        answer = self._ask(
            lambda client: client.read_coils(
                block.start, count=len(block), device_id=self._map.unit
            )
        )
        return self._map.outputs(_bits(answer, len(block)))

    def _verified(self, wanted: LaneOutputs) -> LaneOutputs:
        found = self._read_outputs()
        if found != wanted:
            raise IOLost("The gate's module does not hold what was written")
        return found

    def _read_registers(self, address: int) -> int:
        answer = self._ask(
            lambda client: client.read_holding_registers(address, count=1, device_id=self._map.unit)
        )
        if len(answer.registers) != 1:
            raise IOLost("The gate's module answered with too few registers")
        return answer.registers[0]

    def _ask(self, request: Callable[[ModbusTcpClient], ModbusPDU]) -> ModbusPDU:
        client = self._client
        if client is None or client.socket is None:
            raise IOLost("There is no connection with the gate's module")
        try:
            answer = request(client)
        except (ModbusException, OSError, ValueError) as error:
            raise IOLost("The gate's module did not answer") from error
        if answer is None or answer.isError():
            raise IOLost("The gate's module refused a request")
        return answer

    def _doubt(self) -> None:
        """Put the coils to zero after a write of which we do not know whether it happens yet.

        The old connection is closed first, so that nothing more of it reaches the module; where
        the module stays away, the next opening zeroes.
        """
        self._in_doubt = True
        with suppress(IOLost):
            self.open(self._monotonic() + ANSWER_WITHIN)

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[no-untyped-call]  # pymodbus leaves it so
        self._client = None


def _bits(answer: ModbusPDU, count: int) -> list[bool]:
    """Return exactly ``count`` bits: an answer is padded to whole bytes, and may be too short."""
    if len(answer.bits) < count:
        raise IOLost("The gate's module answered with too few inputs")
    return list(answer.bits[:count])


def _under_the_arm(inputs: LaneInputs) -> bool:
    return inputs.safety is not Signal.OFF and inputs.arm_down is not Signal.ON
