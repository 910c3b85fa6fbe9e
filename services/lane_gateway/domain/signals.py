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
    ``key_switch`` is the attendant's override, ``emergency`` and ``reset`` are the buttons at the
    lane. ``occupants`` comes from the counter, ``None`` where there is none.
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
    reset: Signal = Signal.UNKNOWN
    occupants: int | None = None
    taken: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """One input that changed between two scans."""

    name: str
    before: str
    after: str


INPUT_NAMES = tuple(name for name in LaneInputs.__dataclass_fields__ if name != "taken")


def edges(before: LaneInputs | None, after: LaneInputs) -> tuple[Edge, ...]:
    """Return the inputs that changed; all of them where there was no scan before."""
    return tuple(
        Edge(name=name, before=str(old), after=str(new))
        for name in INPUT_NAMES
        if (old := getattr(before, name, None)) != (new := getattr(after, name))
    )


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
