"""The gate itself: arm, limits, lamps with proof, and the module's watchdog, on any clock.

``LOOPS`` of vehicles are set from outside. The barrier's own controller (``interlock``) does not
lower the arm on the safety loop; with it off, only the lane's rules keep the arm off a vehicle.
"""

from dataclasses import dataclass, field

STROKE = 1.2
"""Seconds from down to up."""


@dataclass
class BarrierFaults:
    """What is broken at the gate.

    ``stuck`` maps an input's name to the value that it shows whatever is true; ``arm_jammed`` the
    arm does not move, ``red_out`` and ``green_out`` the lamp stays dark, ``green_stuck`` it stays
    lit, ``loop_fault`` the loop detector reports itself broken, ``relays_dead`` coils take no new
    value.
    """

    stuck: dict[str, bool] = field(default_factory=dict)
    arm_jammed: bool = False
    red_out: bool = False
    green_out: bool = False
    green_stuck: bool = False
    loop_fault: bool = False
    relays_dead: bool = False


@dataclass
class Barrier:
    """One gate; ``position`` runs from 0 (down) to 1 (up)."""

    watchdog: float = 1.0
    """Seconds without a heartbeat after which all coils drop; 0 holds them for ever."""
    interlock: bool = True
    position: float = 0.0
    loops: dict[str, bool] = field(
        default_factory=lambda: {"arming": False, "safety": False, "closing": False}
    )
    buttons: dict[str, bool] = field(
        default_factory=lambda: {"key_switch": False, "emergency": False, "reset": False}
    )
    occupants: int = 0
    coils: dict[str, bool] = field(
        default_factory=lambda: {
            "open": False,
            "green": False,
            "secondary_sign": False,
            "redirect_sign": False,
        }
    )
    faults: BarrierFaults = field(default_factory=BarrierFaults)
    beat: int = 0
    since_beat: float = 0.0
    dropped: int = 0
    """How often the watchdog let go of the coils."""

    def set_beat(self, value: int) -> None:
        """Take a write to the heartbeat register; only a change is a sign of life."""
        if value != self.beat:
            self.beat = value
            self.since_beat = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.since_beat += seconds
        if self.watchdog and self.since_beat > self.watchdog and any(self.coils.values()):
            self.drop()
        if self.faults.arm_jammed:
            return
        way = seconds / STROKE
        if self.coils["open"]:
            self.position = min(1.0, self.position + way)
        elif not (self.interlock and self.loops["safety"]):
            self.position = max(0.0, self.position - way)

    def drop(self) -> None:
        """Let go of all coils: the arm comes down, the light shows red."""
        self.coils = dict.fromkeys(self.coils, False)
        self.dropped += 1

    def restart(self) -> None:
        """Lose power for a moment: all coils off, registers forgotten."""
        self.coils = dict.fromkeys(self.coils, False)
        self.beat = 0
        self.since_beat = 0.0

    def inputs(self) -> dict[str, bool]:
        """Return all inputs as the module sees them."""
        faults, green = self.faults, self.coils["green"]
        values = {
            **self.loops,
            **self.buttons,
            "arm_up": self.position >= 1.0,
            "arm_down": self.position <= 0.0,
            "red_proof": not green and not faults.red_out,
            "green_proof": (green and not faults.green_out) or faults.green_stuck,
            "loop_fault": faults.loop_fault,
        }
        return values | faults.stuck
