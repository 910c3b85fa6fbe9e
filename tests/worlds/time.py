"""Virtual time: both clocks of a host, and the waiting of the agent's loop on them."""

import select
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from tests.unit.lane_gateway.agent_devices import VirtualClock

STEP = 0.05
"""Seconds of the world in one go: 15 cm at the speed of a tailgater, a 24th of a stroke."""
ROUNDED_UP = 1e-6
"""Seconds that a wait lasts longer than asked for, as the operating system's does."""


class WorldTime:
    """Lets time pass for the clocks and for whatever moves with them."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.moves: Callable[[float], None] = lambda _seconds: None

    def now(self) -> float:
        return self.clock.monotonic

    def pass_by(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let ``seconds`` pass, or less where something happens for which somebody waits."""
        end = self.clock.monotonic + seconds
        while (left := end - self.clock.monotonic) > ROUNDED_UP / 10 and not until():
            step = min(STEP, left)
            self.clock.advance(step)
            self.moves(step)

    def step_wall(self, hours: float) -> None:
        """Step the host's wall clock, as somebody with a wrong watch does."""
        self.clock.wall += timedelta(hours=hours)


class VirtualPoller:
    """``select.poll`` for descriptors of which ``ready`` tells whether they have something."""

    def __init__(self, time: WorldTime, ready: Mapping[int, Callable[[], bool]]) -> None:
        self._time = time
        self._ready = ready
        self._watched: list[int] = []

    def register(self, fd: int, _eventmask: int) -> None:
        self._watched.append(fd)

    def unregister(self, fd: int) -> None:
        self._watched.remove(fd)

    def poll(self, timeout: float) -> Sequence[tuple[int, int]]:
        self._time.pass_by(timeout / 1000 + ROUNDED_UP, self._any)
        return [(fd, select.POLLIN) for fd in self._watched if self._ready[fd]()]

    def _any(self) -> bool:
        return any(self._ready[fd]() for fd in self._watched)
