"""The port ``LaneIO`` over Modbus TCP: what a gate's module says and does, by the site's map."""

import time
from collections.abc import Callable
from contextlib import suppress

from services.lane_gateway.devices.io_map import IOMap
from services.lane_gateway.devices.modbus_wire import READ_COILS, READ_INPUTS, ModbusWire
from services.lane_gateway.domain.signals import SHUT, LaneInputs, LaneOutputs, Signal
from services.lane_gateway.use_cases.ports import IOInfo, IOLost

ANSWER_WITHIN = 0.4
"""Seconds for one request: a module on the lane's own wire answers within 10 ms or not at all."""


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
        self._wire: ModbusWire | None = None
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
        self._wire = self._connect(deadline)
        watchdog = self._wire.read_register(self._map.watchdog)
        inputs, found = self.scan(), self._map.outputs(self._read_coils())
        zeroed = self._in_doubt and not _under_the_arm(inputs)
        if zeroed:
            self._set_verified(SHUT)
            found = SHUT
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
        block, taken = self._map.input_block, self._monotonic()
        bits = self._connected().read_bits(READ_INPUTS, block.start, len(block))
        return self._map.inputs(bits, taken)

    def write(self, out: LaneOutputs, ttl: float) -> None:
        """Set all coils in one request and read them back; or raise ``IOLost``.

        After ``ttl`` seconds without another write the heartbeat stops, so that the module lets go.
        """
        try:
            self._set_verified(out)
        except IOLost:
            self._doubt()
            raise
        self._lapse_at = self._monotonic() + ttl

    def heartbeat(self) -> None:
        """Change the register that the module's watchdog looks at; or raise ``IOLost``."""
        if self._lapse_at is not None and self._monotonic() > self._lapse_at:
            raise IOLost("The outputs have lapsed")
        self._beat = (self._beat + 1) & 0xFFFF
        self._connected().write_register(self._map.heartbeat, self._beat)

    def close(self) -> None:
        """Let go of the connection; the module's watchdog then lets go of the coils."""
        self._drop()

    def _connect(self, deadline: float) -> ModbusWire:
        seconds = min(ANSWER_WITHIN, deadline - self._monotonic())
        if seconds <= 0:
            raise IOLost("No time is left to reach the gate's module")
        return ModbusWire(
            (self._host, self._port),
            unit=self._map.unit,
            connect_within=seconds,
            patience=ANSWER_WITHIN,
            monotonic=self._monotonic,
        )

    def _connected(self) -> ModbusWire:
        if self._wire is None:
            raise IOLost("There is no connection with the gate's module")
        return self._wire

    def _read_coils(self) -> list[bool]:
        block = self._map.coil_block
        return self._connected().read_bits(READ_COILS, block.start, len(block))

    def _set_verified(self, out: LaneOutputs) -> None:
        wanted = self._map.coils(out)
        self._connected().write_coils(self._map.coil_block.start, wanted)
        if self._read_coils() != wanted:
            raise IOLost("The gate's module does not hold what was written")

    def _doubt(self) -> None:
        """Put the coils to zero after a write of which we do not know whether it happens yet.

        The old connection is closed first, so that nothing more of it reaches the module; where
        the module stays away, the next opening zeroes.
        """
        self._in_doubt = True
        with suppress(IOLost):
            self.open(self._monotonic() + ANSWER_WITHIN)

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None


def _under_the_arm(inputs: LaneInputs) -> bool:
    return inputs.safety is not Signal.OFF and inputs.arm_down is not Signal.ON
