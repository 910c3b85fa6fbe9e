"""What comes from the gate and what goes to it, as plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """The state of one input; ``UNKNOWN`` is never taken for clear, nor for present."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneInputs:
    """All inputs of a lane, read in one go at ``taken`` (host's monotonic clock).

    ``arming`` is loop A before the arm, ``safety`` loop S under it, ``closing`` loop C behind it.
    ``occupants`` comes from the counter, ``None`` where there is none.
    """

    arming: Signal = Signal.UNKNOWN
    safety: Signal = Signal.UNKNOWN
    closing: Signal = Signal.UNKNOWN
    arm_up: Signal = Signal.UNKNOWN
    arm_down: Signal = Signal.UNKNOWN
    red_proof: Signal = Signal.UNKNOWN
    green_proof: Signal = Signal.UNKNOWN
    key_switch: Signal = Signal.UNKNOWN
    emergency: Signal = Signal.UNKNOWN
    occupants: int | None = None
    taken: float


class Lamp(StrEnum):
    """The traffic light; red is what shows when nothing is commanded."""

    RED = "red"
    GREEN = "green"


class Sign(StrEnum):
    """The sign beside the light, for vehicles that leave the lane otherwise than cleared."""

    NONE = "none"
    SECONDARY = "secondary"
    REDIRECT = "redirect"


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneOutputs:
    """What the lane is told to do; the default is every coil off: arm released, red, no sign."""

    open: bool = False
    lamp: Lamp = Lamp.RED
    sign: Sign = Sign.NONE


SHUT = LaneOutputs()
