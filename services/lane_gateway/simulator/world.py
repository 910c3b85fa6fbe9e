"""A lane with vehicles on it, which the gate, the reader and the camera see.

The world knows no clock: ``advance`` lets time pass. Distances are metres from the arm, negative
before it; a vehicle comes from the negative side.
"""

from collections.abc import Callable
from typing import Protocol

from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard, Vehicle

LOOPS = {"arming": (-4.5, -0.8), "safety": (-0.5, 1.5), "closing": (2.5, 4.0)}
ARM_LINE = (-0.1, 0.1)
STOP_LINE = -1.2
BEFORE_ARM = -0.6
"""Where a driver stops before an arm that is not up."""
BEHIND_ARM = 0.6
"""Where the end of a vehicle stops that backs, or comes the wrong way, against such an arm."""
BESIDE_BY = 0.8
"""How far a motorcycle keeps behind the bumper of the car beside it."""
READ_ZONE = (-8.0, 0.5)
CARD_BEHIND_BUMPER = 1.5
CAMERA_AT = -6.0
LEAVES_AT = 6.0
"""A vehicle whose end is beyond has left the lane; backwards, one whose bumper is before START."""
START = -15.0
NEAREST, FALL = -45.0, 3.0
"""Strength in dBm of a card beside the antenna, and how much it loses per metre."""
ANTENNA_AT = -2.0
NOTICEABLE = 1.0
"""How much the strength of a card changes, in dB, before the reader's field is told."""
NEXT_LANE_LOSS, SENSITIVITY = 18.0, -70.0
"""How much weaker the next lane's antennas hear a card (dB), and what they hear at all (dBm)."""
PASSABLE = 0.8
"""How far up the arm must be for a roof to fit under it."""


class CardField(Protocol):
    """The cards before the reader's antennas."""

    def show(self, card: SimulatedCard, rssi: float) -> None:
        """Bring a card into the field, or move it there."""

    def hide(self, card: SimulatedCard) -> None:
        """Take a card out of the field."""


class World:
    """The vehicles of one lane; used under the gate's lock."""

    def __init__(
        self,
        lane: str,
        *,
        barrier: Barrier,
        field: CardField,
        look: Callable[[Vehicle], object],
        truth: TruthLog,
    ) -> None:
        self.lane = lane
        self.barrier = barrier
        self.vehicles: list[Vehicle] = []
        self.overhear: list[CardField] = []
        """The fields of lanes whose antennas hear this lane's cards as well."""
        self._field = field
        self._look = look
        self._truth = truth
        self._next = 1
        self._in_field: dict[tuple[int, bytes], float] = {}
        self._position = barrier.position

    def place(self, vehicle: Vehicle) -> Vehicle:
        """Let a vehicle come; its number is given here."""
        vehicle.number, self._next = self._next, self._next + 1
        self.vehicles.append(vehicle)
        self._set_loops()
        self._note("placed", vehicle, cards=[card.epc.hex() for card in vehicle.cards])
        return vehicle

    def find(self, number: int) -> Vehicle | None:
        """Return a vehicle that is still on the lane."""
        return next((vehicle for vehicle in self.vehicles if vehicle.number == number), None)

    def remove(self, vehicle: Vehicle) -> None:
        """Take a vehicle away, as if it had never come."""
        for card in vehicle.cards:
            self._set_in_field(vehicle, card, inside=False, rssi=0)
        self.vehicles.remove(vehicle)
        self._set_loops()

    def advance(self, seconds: float) -> None:
        """Let time pass: vehicles move, and what is around them notices."""
        for vehicle in sorted(self.vehicles, key=lambda one: -one.front):
            self._drive(vehicle, seconds)
        for vehicle in list(self.vehicles):
            self._be_seen(vehicle)
            self._leave(vehicle)
        self._set_loops()
        self._watch_arm()

    def _drive(self, vehicle: Vehicle, seconds: float) -> None:
        way = vehicle.speed * seconds
        before = vehicle.front
        if vehicle.driver is Driver.BACK:
            vehicle.front = min(before, max(before - way, self._backward_limit(vehicle)))
            return
        partner = self.find(vehicle.beside) if vehicle.beside is not None else None
        if partner is not None:
            way = max(0.0, partner.front - BESIDE_BY - before)
        vehicle.front = max(before, min(before + way, self._limit(vehicle)))
        for what, line in (("at_gate", STOP_LINE), ("under_arm", LOOPS["safety"][0])):
            if before < line <= vehicle.front:
                self._note(what, vehicle, arm=round(self.barrier.position, 2))

    def _limit(self, vehicle: Vehicle) -> float:
        """Return how far the vehicle may roll: its driver, the vehicle before it, and the arm."""
        if vehicle.driver is Driver.STOP:
            return vehicle.front
        limits = [
            other.rear - vehicle.headway
            for other in self.vehicles
            if other.front > vehicle.front and vehicle.number not in self._pair(other)
        ]
        if vehicle.front <= BEFORE_ARM and not self._sets_off(vehicle):
            limits.append(STOP_LINE)
        if vehicle.front <= BEFORE_ARM and self.barrier.position < PASSABLE:
            limits.append(BEFORE_ARM)
        return min(limits, default=float("inf"))

    def _pair(self, vehicle: Vehicle) -> set[int]:
        """Return the vehicles that share their stretch of the lane with ``vehicle``."""
        return {one.number for one in self.vehicles if one.beside == vehicle.number}

    def _backward_limit(self, vehicle: Vehicle) -> float:
        """Return how far back the bumper may come: the vehicle behind, and an arm that is down."""
        behind = [one.front for one in self.vehicles if one.front < vehicle.rear]
        limits = [front + vehicle.length for front in behind]
        if vehicle.rear >= BEHIND_ARM and self.barrier.position < PASSABLE:
            limits.append(BEHIND_ARM + vehicle.length)
        return max(limits, default=float("-inf"))

    def _sets_off(self, vehicle: Vehicle) -> bool:
        if vehicle.driver is Driver.THROUGH or vehicle.committed:
            return True
        coils = self.barrier.coils
        told = coils["green"] or coils["secondary_sign"] or coils["redirect_sign"]
        first = not any(other.front > vehicle.front for other in self._before_arm())
        up = self.barrier.position >= 1.0
        at_line = vehicle.front >= STOP_LINE - vehicle.speed / 10
        vehicle.committed = vehicle.driver is Driver.OBEY and told and first and up and at_line
        return vehicle.committed

    def _before_arm(self) -> list[Vehicle]:
        return [vehicle for vehicle in self.vehicles if vehicle.front < ARM_LINE[1]]

    def _be_seen(self, vehicle: Vehicle) -> None:
        at = vehicle.front - CARD_BEHIND_BUMPER
        inside = READ_ZONE[0] <= at <= READ_ZONE[1]
        rssi = NEAREST - FALL * abs(at - ANTENNA_AT)
        for card in vehicle.cards:
            self._set_in_field(vehicle, card, inside=inside, rssi=round(rssi, 1))
        if not vehicle.plate_seen and vehicle.plate and vehicle.front >= CAMERA_AT:
            vehicle.plate_seen = True
            self._look(vehicle)

    def _set_in_field(
        self, vehicle: Vehicle, card: SimulatedCard, *, inside: bool, rssi: float
    ) -> None:
        key = (vehicle.number, card.epc)
        before = self._in_field.get(key)
        if not inside:
            if before is not None:
                del self._in_field[key]
                for field in (self._field, *self.overhear):
                    field.hide(card)
            return
        if before is None:
            self._note("card_in_field", vehicle)
        if before is None or abs(rssi - before) >= NOTICEABLE:
            self._in_field[key] = rssi
            self._field.show(card, rssi)
            self._be_overheard(card, rssi)

    def _be_overheard(self, card: SimulatedCard, rssi: float) -> None:
        there = rssi - NEXT_LANE_LOSS
        for field in self.overhear:
            if there >= SENSITIVITY:
                field.show(card, there)
            else:
                field.hide(card)

    def _leave(self, vehicle: Vehicle) -> None:
        if vehicle.rear > LEAVES_AT:
            self._note("passed", vehicle)
        elif vehicle.driver is Driver.BACK and vehicle.front < START:
            self._note("turned_back", vehicle)
        else:
            return
        self.remove(vehicle)

    def _set_loops(self) -> None:
        for name, (start, end) in LOOPS.items():
            self.barrier.loops[name] = any(one.covers(start, end) for one in self.vehicles)
        self.barrier.occupants = sum(
            one.occupants for one in self.vehicles if one.covers(*LOOPS["arming"])
        )

    def _watch_arm(self) -> None:
        """Note the one thing that must never happen: the arm coming down on a vehicle."""
        falling = self.barrier.position < self._position
        self._position = self.barrier.position
        for vehicle in self.vehicles:
            if falling and vehicle.covers(*ARM_LINE) and self._position < PASSABLE:
                self._note("arm_on_vehicle", vehicle, arm=round(self._position, 2))

    def _note(self, what: str, vehicle: Vehicle, **more: object) -> None:
        self._truth.note(self.lane, what, vehicle=vehicle.number, **more)
