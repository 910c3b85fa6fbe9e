"""The vehicles of a random world, and what their drivers do."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.simulator.vehicle import Driver, SimulatedCard, Vehicle
from services.lane_gateway.simulator.world import LEAVES_AT
from shared.plates import plate_mark
from tests.unit.lane_gateway.builders import REGION, a_record
from tests.worlds.devices import number_of
from tests.worlds.lane import WorldLane

VEHICLES = 20
MOST_AT_ONCE = 3
PATIENCE = 45.0
"""Seconds after which a driver who gets nowhere backs out."""
STATUSES = [CardStatus.ACTIVE] * 5 + [CardStatus.HELD, CardStatus.REVOKED]


class Kind(StrEnum):
    """What a vehicle is, and what its driver does."""

    CAR = "car"
    TRAILER = "trailer"
    TAILGATER = "tailgater"
    REVERSER = "reverser"
    STOPPER = "stopper"
    WRONG_WAY = "wrong_way"
    MOTORCYCLE = "motorcycle"


WEIGHTS = {
    Kind.CAR: 9,
    Kind.TRAILER: 2,
    Kind.TAILGATER: 4,
    Kind.REVERSER: 2,
    Kind.STOPPER: 2,
    Kind.WRONG_WAY: 1,
    Kind.MOTORCYCLE: 1,
}


@dataclass(kw_only=True)
class Guest:
    """One vehicle with its story; ``turns_at`` is where its driver changes his mind."""

    vehicle: Vehicle
    kind: Kind
    came: float
    turns_at: float | None = None
    resumes: float | None = None
    stays: float = 0.0


@dataclass(kw_only=True)
class Traffic:
    """Lets vehicles come one after the other, and their drivers do what they are for."""

    lane: WorldLane
    seed: int
    guests: dict[int, Guest] = field(default_factory=dict)
    next_at: float = 0.0
    backed_out: set[int] = field(default_factory=set)

    @property
    def done(self) -> bool:
        return len(self.guests) >= VEHICLES and not self.lane.world.vehicles

    def turn(self) -> None:
        now = self.lane.time.now()
        for vehicle in list(self.lane.world.vehicles):
            self._live(self.guests[vehicle.number], now)
        waiting = len(self.lane.world.vehicles) < MOST_AT_ONCE
        if len(self.guests) < VEHICLES and waiting and now >= self.next_at:
            self._come(now)
            self.next_at = now + self.lane.dice.uniform(0.5, 4.0)

    def back_out(self, vehicle: Vehicle) -> None:
        """Let a driver back out, and those behind him before him."""
        for each in self.lane.world.vehicles:
            if each.front <= vehicle.front:
                each.driver = Driver.BACK
                self.backed_out.add(each.number)

    def _live(self, guest: Guest, now: float) -> None:
        vehicle = guest.vehicle
        if vehicle.driver is Driver.BACK:
            return
        if guest.turns_at is not None and vehicle.front >= guest.turns_at:
            guest.turns_at = None
            if guest.kind is Kind.REVERSER:
                self.back_out(vehicle)
            else:
                vehicle.driver, guest.resumes = Driver.STOP, now + guest.stays
        elif guest.resumes is not None and now >= guest.resumes:
            vehicle.driver, guest.resumes = Driver.THROUGH, None
        elif now - guest.came > PATIENCE and vehicle.front < 0 and not self._under_arm(vehicle):
            self.back_out(vehicle)

    def _under_arm(self, vehicle: Vehicle) -> bool:
        return vehicle.front > -0.5

    def _come(self, now: float) -> None:
        dice = self.lane.dice
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if kind is Kind.WRONG_WAY and self.lane.world.vehicles:
            kind = Kind.CAR
        tail = min((one.rear for one in self.lane.world.vehicles), default=0.0)
        speed = dice.uniform(2.0, 5.0)
        values: dict[str, object] = {"speed": speed, "front": min(-11.0, tail - 2.0)}
        values |= _SHAPES[kind](self)
        guest = Guest(vehicle=self._vehicle(len(self.guests) + 1, values), kind=kind, came=now)
        if kind is Kind.REVERSER:
            guest.turns_at = dice.choice([-4.0, -1.3, dice.uniform(-0.4, 1.5), 2.8])
        if kind is Kind.STOPPER:
            guest.turns_at, guest.stays = dice.uniform(0.0, 2.0), dice.uniform(1.0, 20.0)
        self.guests[guest.vehicle.number] = guest

    def _vehicle(self, number: int, values: dict[str, object]) -> Vehicle:
        dice = self.lane.dice
        people = dice.choice([0, 1, 1, 1, 2, 3])
        names = [f"v{number}-{seat}" for seat in range(people)]
        plate = f"W{number:03d}{dice.randrange(1000):03d}"
        cards = [
            SimulatedCard(epc=number_of(self.seed, name), tid=number_of(self.seed, "t" + name))
            for name in names
        ]
        for name, card in zip(names, cards, strict=True):
            self._enrol(name, card, plate)
        occupants = max(1, people + dice.choice([0, 0, 0, 0, 1]))
        defaults: dict[str, object] = {
            "number": 0,
            "cards": tuple(cards),
            "plate": plate,
            "region": REGION,
            "occupants": occupants,
        }
        return self.lane.world.place(Vehicle(**defaults | values))  # type: ignore[arg-type]

    def _enrol(self, name: str, card: SimulatedCard, plate: str) -> None:
        tid = card.tid or b""
        self.lane.cards.put(
            a_record(
                name,
                epc=card.epc,
                tid_digest=hashlib.sha256(tid).digest(),
                status=self.lane.dice.choice(STATUSES),
                plates=(plate_mark(tid, REGION, plate),),
            )
        )


def _car(_traffic: Traffic) -> dict[str, object]:
    return {}


def _trailer(traffic: Traffic) -> dict[str, object]:
    gap = traffic.lane.dice.uniform(0.5, 2.6)
    return {"parts": ((0.0, 4.0), (4.0 + gap, 6.5 + gap)), "speed": 2.5}


def _tailgater(traffic: Traffic) -> dict[str, object]:
    dice = traffic.lane.dice
    return {
        "driver": Driver.THROUGH,
        "headway": dice.uniform(0.5, 4.0),
        "speed": dice.uniform(2.0, 3.0),
    }


def _wrong_way(_traffic: Traffic) -> dict[str, object]:
    return {"driver": Driver.BACK, "front": LEAVES_AT + 4.4, "speed": 2.0}


def _motorcycle(traffic: Traffic) -> dict[str, object]:
    shape: dict[str, object] = {"parts": ((0.0, 2.2),), "driver": Driver.THROUGH, "speed": 3.0}
    cars = [one for one in traffic.lane.world.vehicles if one.front < -6.0]
    if cars and cars[-1].beside is None and len(cars[-1].parts) == 1:
        shape |= {"beside": cars[-1].number, "front": cars[-1].front - 0.8}
    return shape


_SHAPES: dict[Kind, Callable[[Traffic], dict[str, object]]] = {
    Kind.CAR: _car,
    Kind.TRAILER: _trailer,
    Kind.TAILGATER: _tailgater,
    Kind.REVERSER: _car,
    Kind.STOPPER: _car,
    Kind.WRONG_WAY: _wrong_way,
    Kind.MOTORCYCLE: _motorcycle,
}
