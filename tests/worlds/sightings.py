"""What really happened under the arm, vehicle by vehicle, to be compared with the record."""

from collections.abc import Callable
from dataclasses import dataclass

from services.lane_gateway.simulator.vehicle import Vehicle
from services.lane_gateway.simulator.world import LOOPS, World

ZONE = (LOOPS["safety"][0], LOOPS["closing"][1])
"""From loop S to the end of loop C."""


@dataclass(kw_only=True)
class Visit:
    """One stay of a vehicle between the beginning of loop S and the end of loop C.

    ``gap`` is for how long S had been clear when it came, in seconds; ``blind`` says that the agent
    could not see or act at some time from a little before to the end.
    """

    vehicle: int
    entered: float
    gap: float
    blind: bool
    unread: bool = False
    """The reader was away at some time while it came."""
    left: float | None = None
    forward: bool = False


class Sightings:
    """Watches the vehicles at each step of the world."""

    def __init__(self, world: World, now: Callable[[], float]) -> None:
        self._world = world
        self._now = now
        self._inside: dict[int, Visit] = {}
        self._safety_clear_since: float | None = None
        self._blind_at = float("-inf")
        self.visits: list[Visit] = []
        self.blind_times: list[float] = []

    def blind(self) -> None:
        """Note that the agent cannot see or act now."""
        self._blind_at = self._now()
        self.blind_times.append(self._blind_at)
        for visit in self._inside.values():
            visit.blind = True

    def look(self, *, blind: bool) -> None:
        """Take in one step."""
        now = self._now()
        if blind:
            self.blind()
        for vehicle in self._world.vehicles:
            self._follow(vehicle, now)
        gone = self._inside.keys() - {one.number for one in self._world.vehicles}
        for number in gone:
            self._close(self._inside.pop(number), now, forward=True)
        if self._world.barrier.loops["safety"]:
            self._safety_clear_since = None
        elif self._safety_clear_since is None:
            self._safety_clear_since = now

    def unread(self) -> None:
        """Note that the reader was away until a moment ago."""
        for visit in self._inside.values():
            visit.unread = True

    def passed(self) -> list[Visit]:
        """Return the visits that ended behind the arm."""
        return [visit for visit in self.visits if visit.forward]

    def _follow(self, vehicle: Vehicle, now: float) -> None:
        inside = vehicle.front > ZONE[0] and vehicle.rear < ZONE[1]
        visit = self._inside.get(vehicle.number)
        if inside and visit is None:
            since = self._safety_clear_since
            self._inside[vehicle.number] = made = Visit(
                vehicle=vehicle.number,
                entered=now,
                gap=now - since if since is not None else 0.0,
                blind=now - self._blind_at < 2.0,
            )
            self.visits.append(made)
        elif visit is not None and not inside:
            del self._inside[vehicle.number]
            self._close(visit, now, forward=vehicle.rear >= ZONE[1])

    def _close(self, visit: Visit, now: float, *, forward: bool) -> None:
        visit.left, visit.forward = now, forward
