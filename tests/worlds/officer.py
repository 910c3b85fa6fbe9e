"""An officer at a random world's lane: sees the vehicles and the booth's screen, and acts."""

from dataclasses import dataclass

from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.live import LivePassage, LiveState
from services.lane_gateway.simulator.vehicle import Vehicle
from tests.worlds.lane import WorldLane
from tests.worlds.traffic import Traffic

LOOPS_A = (-4.5, -0.8)
PASSKEY = "5d" * 32
"""The digest of the passkey by which this officer steps up."""


@dataclass(kw_only=True)
class Officer:
    """Looks up each second or so; counts those in the vehicle at the arm."""

    lane: WorldLane
    traffic: Traffic
    looks_at: float = 0.0
    overrides: int = 0

    def turn(self) -> None:
        now = self.lane.time.now()
        if now < self.looks_at:
            return
        self.looks_at = now + self.lane.dice.uniform(0.3, 1.2)
        picture = self.lane.picture()
        if picture is None or not self.lane.runs:
            return
        if picture.gate in {"faulted", "manual", "emergency_open"}:
            self._attend(picture)
        elif self.lane.dice.random() < 0.01:
            self._override("release a vehicle")
        elif picture.front is not None and picture.front.state == "decided":
            self._deal(picture.front, picture)

    def _attend(self, picture: LiveState) -> None:
        """Walk to the lane; set it going again once nobody stands under the arm."""
        faults = self.lane.barrier.faults
        under = any(one.covers(-0.5, 4.0) for one in self.lane.world.vehicles)
        broken = faults.arm_jammed or faults.red_out or bool(faults.stuck)
        buttons = self.lane.barrier.buttons
        if picture.gate == "emergency_open":
            buttons["reset"] = not buttons["emergency"]
        elif picture.gate == "manual" and self.lane.dice.random() < 0.3:
            self.lane.say(CommandKind.END_OVERRIDE)
        elif under and self.lane.dice.random() < 0.2:
            self._override("let it out")
        elif not under and not broken:
            self.lane.say(CommandKind.RESET)

    def _override(self, reason: str) -> None:
        seconds = self.lane.dice.uniform(2.0, 8.0)
        self.lane.say(CommandKind.OVERRIDE, reason=reason, seconds=seconds, passkey=PASSKEY)

    def _deal(self, front: LivePassage, picture: LiveState) -> None:
        vehicle = self._at_arm()
        if vehicle is None:
            return
        dice = self.lane.dice
        said = {"passage_id": front.passage_id}
        clear = picture.word == "clear" and vehicle.occupants == front.cards_counted
        if picture.mode == "automatic" and clear:
            return
        if clear:
            self.lane.say(CommandKind.ADMIT, counted=vehicle.occupants, **said)
        elif (choice := dice.random()) < 0.6:
            self.lane.say(CommandKind.SECONDARY, **said)
        elif choice < 0.7:
            self.lane.say(CommandKind.AFTER_CHECKS, reason="papers seen", **said)
        elif choice < 0.8:
            self.lane.say(CommandKind.REDIRECT, **said)
        elif choice < 0.9:
            self.lane.say(CommandKind.TURN_BACK, reason="no papers", **said)
            self.traffic.back_out(vehicle)

    def _at_arm(self) -> Vehicle | None:
        """Return the foremost vehicle on loop A that is not under the arm yet."""
        at = [one for one in self.lane.world.vehicles if one.covers(*LOOPS_A) and one.front < -0.5]
        return max(at, key=lambda one: one.front, default=None)
