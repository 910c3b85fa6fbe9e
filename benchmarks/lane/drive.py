"""One lane with one vehicle after another, and what was measured of each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.lane.camera import LoadCamera
from benchmarks.lane.cards import IN_VEHICLE, REGION, Vehicle
from benchmarks.lane.gate import LoadGate
from benchmarks.lane.loop import Loop
from benchmarks.lane.reader import LoadReader
from benchmarks.lane.watch import AgentWatch

PLATE_BEFORE = 0.08
"""Seconds from the camera's read to the vehicle's arrival on loop A."""
SHOWN_AFTER = 0.15
"""Seconds from the arrival to the cards: the agent has then seen loop A and the counter."""
PHASES = 0.05
"""The cards come at any moment between two scans."""
WAY = (
    (0.02, {"safety": True}),
    (0.06, {"arming": False, "closing": True}),
    (0.10, {"safety": False}),
    (0.06, {"closing": False}),
)
"""Seconds from one step of the way to the next once the arm is up, and what the loops then see."""
SCANS_OF_A_STEP = 2
"""A vehicle is slower than the agent's scans, also where the machine is so busy that they are late:
it stays at each step until the agent has looked so often."""
LOST_AFTER = 3.0
"""Seconds after which an opening does not come any more."""
LOOK = 0.02


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One decision: times in nanoseconds of the wall clock, ``commits`` between report and coil."""

    sent: int
    coil: int
    cpu: int
    commits: int
    recorded: bool
    carried: bool
    """A checkpoint ran between report and coil."""

    @property
    def milliseconds(self) -> float:
        """Return the time from report to coil."""
        return (self.coil - self.sent) / 1e6


class Drive:
    """Drives vehicles through one lane, one every ``every`` seconds."""

    def __init__(
        self,
        loop: Loop,
        *,
        reader: LoadReader,
        gate: LoadGate,
        camera: LoadCamera,
        vehicles: Iterator[Vehicle],
        chance: random.Random,
    ) -> None:
        self.samples: list[Sample] = []
        self.missed = 0
        self.late = 0
        """Vehicles that had to wait for the one before: then the load was less than wanted."""
        self.busy = False
        self._loop, self._reader, self._gate, self._camera = loop, reader, gate, camera
        self._vehicles, self._chance = vehicles, chance
        self._watch: AgentWatch | None = None
        self._waiting = 0
        """The number of the vehicle whose opening is awaited, 0 for none."""
        self._shown = 0

    @property
    def connected(self) -> bool:
        """Tell whether the lane's agent has all its devices."""
        return self._reader.reading and self._camera.watched and self._gate.beats > 0

    def begin(self, watch: AgentWatch) -> None:
        """Measure with ``watch`` from now on, and forget what was measured."""
        self._watch = watch
        self.samples, self.missed, self.late = [], 0, 0

    def arrive(self) -> None:
        """Let the next vehicle come, as soon as the lane is free."""
        if self.busy:
            self.late += 1
            self._loop.after(LOOK, self._arrive_late)
            return
        self.busy = True
        vehicle = next(self._vehicles)
        self._camera.see(vehicle.plate, REGION)
        self._loop.after(PLATE_BEFORE, lambda: self._stop_at_arm(vehicle))

    def _arrive_late(self) -> None:
        if self.busy:
            self._loop.after(LOOK, self._arrive_late)
        else:
            self.arrive()

    def _stop_at_arm(self, vehicle: Vehicle) -> None:
        self._gate.barrier.loops["arming"] = True
        self._gate.barrier.occupants = IN_VEHICLE
        scans = self._gate.scans + SCANS_OF_A_STEP

        def show() -> None:
            # The cards complete the evidence: loop A and the counter have been seen before them.
            if self._gate.scans < scans:
                self._loop.after(PHASES * self._chance.random(), show)
            else:
                self._show(vehicle)

        self._loop.after(SHOWN_AFTER + PHASES * self._chance.random(), show)

    def _show(self, vehicle: Vehicle) -> None:
        """Report the cards, the last evidence that was missing, and measure until the coil."""
        watch = self._watch
        if watch is None:
            raise RuntimeError("Nobody measures")
        self._shown += 1
        self._waiting = number = self._shown
        cpu, commits, carried = watch.cpu(), watch.commits(), watch.carried()
        known = watch.last_authorised()
        sent = 0

        def opened(coil: int) -> None:
            seen = watch.commits() - commits
            recorded = watch.last_authorised() > known
            checkpointed = watch.carried() != carried

            def read_back() -> None:
                self.samples.append(
                    Sample(
                        sent=sent,
                        coil=coil,
                        cpu=watch.cpu() - cpu,
                        commits=seen,
                        recorded=recorded,
                        carried=checkpointed,
                    )
                )

            self._gate.read_back = read_back
            self._gate.opened = lambda _at: None
            self._waiting = 0
            self._follow()

        self._gate.opened = opened
        self._loop.after(LOST_AFTER, lambda: self._give_up(number))
        sent = self._reader.report(vehicle.cards)

    def _give_up(self, number: int) -> None:
        if self._waiting != number:
            return
        self.missed += 1
        self._waiting = 0
        self._gate.opened = lambda _at: None
        self._leave()
        # Cards of a vehicle that turned round are read for a while and belong to nobody else.
        self._loop.after(LOST_AFTER * 2, self._free)

    def _follow(self) -> None:
        """Drive under the arm once it is up."""
        if self._gate.barrier.position < 1.0:
            self._loop.after(LOOK, self._follow)
            return
        self._go(iter(WAY))

    def _go(self, way: Iterator[tuple[float, dict[str, bool]]]) -> None:
        step = next(way, None)
        if step is None:
            self._leave()
            self._await_rest()
            return
        seconds, seen = step
        scans = self._gate.scans + SCANS_OF_A_STEP

        def go() -> None:
            if self._gate.scans < scans:
                self._loop.after(LOOK, go)
                return
            self._gate.barrier.loops.update(seen)
            self._go(way)

        self._loop.after(seconds, go)

    def _leave(self) -> None:
        self._gate.barrier.loops = dict.fromkeys(self._gate.barrier.loops, False)
        self._gate.barrier.occupants = 0
        self._reader.forget()

    def _await_rest(self) -> None:
        if self._gate.is_down:
            self._free()
        else:
            self._loop.after(LOOK, self._await_rest)

    def _free(self) -> None:
        self.busy = False
