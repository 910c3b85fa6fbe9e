"""The lane's file in a world: the shipped ``LaneRecordFile`` on a disk that may be full or slow."""

import os
import resource
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from services.lane_gateway.bootstrap.site import MIGRATIONS
from services.lane_gateway.domain.events import Entry
from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.messages.publications import lane_translator
from services.lane_gateway.persistence.lane_record import LaneRecordFile
from services.lane_gateway.persistence.site_files import SiteFiles
from services.lane_gateway.persistence.site_seal import SiteSeal
from services.lane_gateway.use_cases.ports import RecordLost
from shared.clock import Clock
from shared.crypto.keyring import FolderKeyRing
from shared.ids import NewId
from shared.persistence.engines import sqlite_engine
from shared.persistence.migrate import migrate
from tests.unit.lane_gateway.builders import LANE
from tests.worlds.devices import Killed

MEMORY = Path("/dev/shm")  # noqa: S108 - private folders below it, for speed where there is one


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A site's empty lane file and its keys, made once for each process."""

    lane_file: Path
    seal: SiteSeal
    owner: TemporaryDirectory[str]


@cache
def _pattern(_process: int) -> Pattern:
    owner = TemporaryDirectory(dir=memory(), prefix="trustlane-pattern-")
    folder = Path(owner.name)
    keys = FolderKeyRing(folder / "keys")
    keys.activate("kek", keys.new("kek").kid)
    lane_file = SiteFiles(folder=folder).lane(LANE)
    engine = sqlite_engine(lane_file)
    migrate(engine, MIGRATIONS / "lane")
    engine.dispose()
    return Pattern(lane_file=lane_file, seal=SiteSeal(keys), owner=owner)


def memory() -> Path | None:
    """Return the folder in memory where this system has one."""
    return MEMORY if MEMORY.is_dir() else None


class Disk:
    """Where the lane's file lies; its troubles outlive the agent.

    ``full`` lets the operating system refuse each write, as a full disk does. ``slow`` lets so many
    seconds pass for a commit, ``hang`` for the next one alone. ``trip`` kills the agent before or
    after its next commit. ``refused`` counts the commits that failed.
    """

    def __init__(self, *, clock: Clock, new_id: NewId, wait: Callable[[float], None]) -> None:
        self.folder = Path(mkdtemp(dir=memory(), prefix="trustlane-world-"))
        self.path = SiteFiles(folder=self.folder).lane(LANE)
        shutil.copy(_pattern(os.getpid()).lane_file, self.path)
        self.full = False
        self.slow = self.hang = 0.0
        self.trip = ""
        self.refused = 0
        self.clock, self.new_id, self.wait = clock, new_id, wait

    def remove(self) -> None:
        """Delete the file."""
        shutil.rmtree(self.folder)

    def take_time(self) -> None:
        """Let the time of a commit pass, and of one that hangs."""
        hang, self.hang = self.hang, 0.0
        if hang or self.slow:
            self.wait(hang or self.slow)

    @contextmanager
    def written(self) -> Iterator[None]:
        """Let what is written meanwhile fail where the disk is full."""
        if not self.full:
            yield
            return
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def fall(self, where: str) -> None:
        """Kill the agent where it was told to die here."""
        if self.trip == where:
            self.trip = ""
            raise Killed


class WorldRecord(LaneRecordFile):
    """The shipped file, on such a disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        disk.trip = ""
        super().__init__(
            disk.path,
            lane=LANE,
            seal=_pattern(os.getpid()).seal,
            translate=lane_translator(clock=disk.clock),
            new_id=disk.new_id,
            clock=disk.clock,
        )

    def append(self, entries: Sequence[Entry]) -> None:
        self._disk.fall("before_commit")
        self._disk.take_time()
        with self._disk.written():
            try:
                super().append(entries)
            except RecordLost:
                self._disk.refused += 1
                raise
        self._disk.fall("after_commit")

    def save_live(self, state: LiveState) -> None:
        with self._disk.written():
            super().save_live(state)

    def tidy(self) -> None:
        with self._disk.written():
            super().tidy()
