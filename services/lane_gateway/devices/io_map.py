"""Which input and coil of a gate's module is what, and which are wired the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from services.lane_gateway.domain.signals import Lamp, LaneInputs, LaneOutputs, Sign, Signal
from shared.errors import InvalidInput

LOOPS: Final = ("arming", "safety", "closing")
SINGLE_INPUTS: Final = (
    *LOOPS,
    "arm_up",
    "arm_down",
    "red_proof",
    "green_proof",
    "key_switch",
    "emergency",
    "reset",
)
MOST_INPUTS: Final = 2000
"""Of one request, by Modbus 1.1b3 §6.2."""
ON_OFF: Final = {True: Signal.ON, False: Signal.OFF}
_Place = tuple[str, int, bool]
"""A name, its place in the block, and whether it is wired the other way round."""
COILS: Final = ("open", "green", "secondary_sign", "redirect_sign")


@dataclass(frozen=True, kw_only=True)
class IOMap:
    """Addresses of discrete inputs, coils and holding registers, counted from 0.

    All inputs are read in one request and all coils written in one, so each kind stands in one
    block and the coils of the block belong to this lane alone. ``loop_fault`` is the input on which
    the loop detector reports itself broken: the loops are unknown then. ``counter`` are the inputs
    of the occupant counter, lowest bit first, none where there is no counter. ``inverted`` names
    inputs and coils that are on when their bit is 0. There is no coil for red: the light is wired
    so that it shows red whenever the green coil is off.

    ``heartbeat`` is the register that must keep changing, ``watchdog`` the one that says after how
    many milliseconds without a change the module lets go of all coils; 0 means never.
    """

    unit: int = 1
    arming: int = 0
    safety: int = 1
    closing: int = 2
    arm_up: int = 3
    arm_down: int = 4
    red_proof: int = 5
    green_proof: int = 6
    key_switch: int = 7
    emergency: int = 8
    reset: int = 9
    loop_fault: int | None = 10
    counter: tuple[int, ...] = ()
    open: int = 0
    green: int = 1
    secondary_sign: int = 2
    redirect_sign: int = 3
    inverted: frozenset[str] = frozenset()
    heartbeat: int = 0
    watchdog: int = 1

    def __post_init__(self) -> None:
        """Refuse a wiring in which one address means two things, or a write sets foreign coils."""
        inputs = [getattr(self, name) for name in SINGLE_INPUTS] + list(self.counter)
        inputs += [] if self.loop_fault is None else [self.loop_fault]
        if len(inputs) != len(set(inputs)):
            raise InvalidInput({"map": ["Two inputs have the same address"]})
        if len(self.input_block) > MOST_INPUTS:
            raise InvalidInput({"map": ["The inputs lie too far apart for one request"]})
        if self.heartbeat == self.watchdog:
            raise InvalidInput({"map": ["Heartbeat and watchdog are two registers"]})
        if sorted(self._coil_addresses) != list(self.coil_block):
            raise InvalidInput({"map": ["The lane's coils must stand side by side"]})

    def changed(self, **values: Any) -> "IOMap":
        """Return this wiring with other addresses for what is named; or raise ``InvalidInput``."""
        for name, kind in (("counter", tuple), ("inverted", frozenset)):
            if name in values:
                values[name] = kind(values[name])
        return replace(self, **values)

    @cached_property
    def input_block(self) -> range:
        """Return the addresses to read, from the first input to the last."""
        used = [getattr(self, name) for name in SINGLE_INPUTS]
        used += list(self.counter) + ([] if self.loop_fault is None else [self.loop_fault])
        return range(min(used), max(used) + 1)

    @cached_property
    def coil_block(self) -> range:
        """Return the addresses of the coils."""
        return range(min(self._coil_addresses), max(self._coil_addresses) + 1)

    def inputs(self, bits: Sequence[bool], taken: float) -> LaneInputs:
        """Return the inputs from the bits of the block, read at ``taken``."""
        first = self.input_block.start
        values = {
            name: ON_OFF[bits[place] != inverted] for name, place, inverted in self._input_places
        }
        if self.loop_fault is not None and bits[self.loop_fault - first]:
            values.update(dict.fromkeys(LOOPS, Signal.UNKNOWN))
        return LaneInputs(**values, occupants=self._occupants(bits, first), taken=taken)

    def coils(self, outputs: LaneOutputs) -> list[bool]:
        """Return the bits of the coil block for ``outputs``."""
        wanted = {
            "open": outputs.open,
            "green": outputs.lamp is Lamp.GREEN,
            "secondary_sign": outputs.sign is Sign.SECONDARY,
            "redirect_sign": outputs.sign is Sign.REDIRECT,
        }
        bits = [False] * len(COILS)
        for name, place, inverted in self._coil_places:
            bits[place] = wanted[name] != inverted
        return bits

    def outputs(self, bits: Sequence[bool]) -> LaneOutputs:
        """Return the outputs that the bits of the coil block stand for."""
        on = {name: bits[place] != inverted for name, place, inverted in self._coil_places}
        sign = Sign.SECONDARY if on["secondary_sign"] else Sign.NONE
        return LaneOutputs(
            open=on["open"],
            lamp=Lamp.GREEN if on["green"] else Lamp.RED,
            sign=Sign.REDIRECT if on["redirect_sign"] else sign,
        )

    def _occupants(self, bits: Sequence[bool], first: int) -> int | None:
        if not self.counter:
            return None
        return sum(bits[address - first] << place for place, address in enumerate(self.counter))

    @cached_property
    def _coil_addresses(self) -> list[int]:
        return [getattr(self, name) for name in COILS]

    @cached_property
    def _input_places(self) -> Sequence[_Place]:
        return self._places(SINGLE_INPUTS, self.input_block.start)

    @cached_property
    def _coil_places(self) -> Sequence[_Place]:
        return self._places(COILS, self.coil_block.start)

    def _places(self, names: Sequence[str], first: int) -> Sequence[_Place]:
        return [(name, getattr(self, name) - first, name in self.inverted) for name in names]


WITHOUT_COUNTER: Final = IOMap()
WITH_COUNTER: Final = IOMap(counter=(11, 12, 13, 14))
"""The two ways in which lanes are wired here: most have no occupant counter."""
