"""One lane of a random world: the shipped agent, its file, its devices, and virtual time."""

import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pysqlite3.dbapi2 as sqlite

from services.lane_gateway.agent.assembly import AgentParts, assemble
from services.lane_gateway.agent.loop import AgentLoop
from services.lane_gateway.agent.reader_link import ReaderLink
from services.lane_gateway.devices.llrp.retry import RetryPolicy
from services.lane_gateway.domain.commands import CommandKind
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.simulator.barrier import Barrier
from services.lane_gateway.simulator.truth import TruthLog
from services.lane_gateway.simulator.world import World
from services.lane_gateway.use_cases.ports import RecordLost
from shared.errors import Unavailable
from tests.unit.lane_gateway.agent_devices import VirtualClock
from tests.unit.lane_gateway.builders import LANE, a_lane
from tests.unit.lane_gateway.lane_stores import CardsInMemory, DeskInMemory, LiveInMemory, a_head
from tests.worlds.devices import CAMERA, READER, WAKE, Killed, WorldCamera, WorldIO, WorldReader
from tests.worlds.devices import WorldWake as Wake
from tests.worlds.openings import Openings
from tests.worlds.record import Disk, WorldRecord
from tests.worlds.sightings import Sightings
from tests.worlds.time import VirtualPoller, WorldTime

if TYPE_CHECKING:
    from services.lane_gateway.agent.controller import LaneController

HEAD_EVERY = 5.0
"""Seconds between two heads of the list."""
READS_AGAIN = 5.0
"""Seconds after the reader's absence in which cards are with the wrong vehicle yet."""
START_AGAIN = 0.5
"""Seconds after which an agent that could not start is tried again."""


class WorldLane:
    """The lane; ``turn`` is one turn of the agent's loop, or a moment without an agent."""

    def __init__(self, dice: random.Random, *, mode: LaneMode) -> None:
        self.dice = dice
        self.clock = VirtualClock()
        self.time = WorldTime(self.clock)
        self.barrier = Barrier()
        self.truth = TruthLog(now=lambda: self.clock.wall)
        self.reader = WorldReader(self.clock)
        self.camera = WorldCamera(self.clock)
        self.world = World(
            LANE,
            barrier=self.barrier,
            field=self.reader,
            look=self.camera.look,
            truth=self.truth,
        )
        counts = mode is LaneMode.AUTOMATIC
        self.io = WorldIO(self.barrier, self.clock, has_counter=counts)
        self.disk = Disk(clock=lambda: self.clock.wall, new_id=self.new_id, wait=self.time.pass_by)
        self.record = WorldRecord(self.disk)
        self.openings = Openings(self.disk.path, self.barrier, self.time.now)
        self.io.opening = self.openings.check
        self.sightings = Sightings(self.world, self.time.now)
        self.cards = CardsInMemory(head=a_head(self.clock.wall, self.clock.monotonic))
        self.desk = DeskInMemory()
        self.desk.set(mode=mode, policy=a_lane(counter_grants_automatic=counts))
        self.live = LiveInMemory()
        self.wake = Wake()
        self.down_until: float | None = None
        self.starts = 0
        self.time.moves = self._move
        self._head_at = 0.0
        self._controller: LaneController | None = None
        self._loop: AgentLoop | None = None
        self._link: ReaderLink | None = None
        self._start()

    def new_id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)

    def turn(self) -> None:
        """Let the agent do one turn; where none runs, let time pass until the next one starts."""
        if self._loop is None:
            self.time.pass_by(0.05)
            if self.down_until is not None and self.time.now() >= self.down_until:
                self._start()
            return
        if self.time.now() >= self._head_at:
            self._head_at = self.time.now() + HEAD_EVERY
            self.cards.head = a_head(self.clock.wall, self.clock.monotonic)
        try:
            self._loop.turn()
        except Killed:
            self.kill(down=self.dice.uniform(0.2, 3.0))

    def stop(self) -> None:
        """Let the agent end as on a signal: what is not yet written is written."""
        if self._controller is not None:
            self._controller.leave()

    def kill(self, *, down: float) -> None:
        """End the agent as a kill does: nothing is said to the module, nothing more is written."""
        self._loop = self._controller = None
        self.down_until = self.time.now() + down
        self.sightings.blind()

    def picture(self) -> LiveState | None:
        """Return the newest picture of the lane, as the booth has it."""
        return self.live.pictures[-1] if self.live.pictures else None

    def say(self, kind: CommandKind, **values: object) -> None:
        """Give an officer's command, and wake the agent."""
        self.desk.say(kind, **{"at": self.clock.wall} | values)
        self.wake.poke()

    @property
    def runs(self) -> bool:
        """Tell whether an agent runs."""
        return self._loop is not None

    def entries(self) -> list[tuple[object, ...]]:
        """Return kind, passage, monotonic time and body of all entries."""
        connection = sqlite.connect(self.disk.path)
        query = "SELECT kind, passage_id, monotonic, body FROM entries ORDER BY number"
        rows: list[tuple[object, ...]] = connection.execute(query).fetchall()
        connection.close()
        return rows

    def close(self) -> None:
        """Delete what the world wrote."""
        self.openings.close()
        self.record.close()
        self.disk.remove()

    def _start(self) -> None:
        self.record.close()
        self.record = WorldRecord(self.disk)
        self.io.restart()
        self.live.pictures.clear()
        parts = self._parts()
        try:
            self._controller = assemble(parts)
        except (RecordLost, Unavailable):
            self.io.forget_run()
            self.down_until = self.time.now() + START_AGAIN
            return
        self.starts += 1
        self.down_until = None
        self._link = link = ReaderLink(
            self.reader,
            monotonic=self.time.now,
            wake=self.wake.poke,
            retry=RetryPolicy(draw=self.dice.uniform),
        )
        ready = {READER: self.reader.ready, CAMERA: self.camera.ready, WAKE: self._woken}
        poller = VirtualPoller(self.time, ready)
        self._loop = AgentLoop(parts, self._controller, reader=link, wake=self.wake, poller=poller)

    def _woken(self) -> bool:
        """Tell whether somebody wrote to the loop; a session that is being opened is waited for."""
        if not self.wake.poked and self._link is not None and not self._link.live:
            for thread in threading.enumerate():
                if thread.name == "reader":
                    thread.join()
        return self.wake.poked

    def _parts(self) -> AgentParts:
        return AgentParts(
            lane=LANE,
            boot="one",
            reader=self.reader,
            camera=self.camera,
            io=self.io,
            record=self.record,
            cards=self.cards,
            desk=self.desk,
            live=self.live,
            wall=lambda: self.clock.wall,
            monotonic=self.time.now,
            new_id=self.new_id,
        )

    def _move(self, seconds: float) -> None:
        """Move arm and vehicles; the barrier's own interlock is all there is without an agent."""
        self.barrier.interlock = not self.commands()
        self.openings.look(seen=self.commands())
        self.barrier.advance(seconds)
        self.world.advance(seconds)
        self.sightings.look(blind=not self.commands())
        if self.time.now() - self.reader.away_at < READS_AGAIN:
            self.sightings.unread()

    def commands(self) -> bool:
        """Tell whether the agent could know and act by itself."""
        faults = self.barrier.faults
        controller = self._controller
        linked = controller is not None and controller.gate.link.is_open
        deaf = (
            self._loop is None
            or self.io.lost
            or not linked
            or faults.loop_fault
            or bool(faults.stuck)
        )
        return not deaf and self.barrier.since_beat <= self.barrier.watchdog


Begin = Callable[[WorldLane], Callable[[], None]]
"""Begins a fault, and returns what ends it."""
