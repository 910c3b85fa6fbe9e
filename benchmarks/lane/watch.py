"""What can be seen of an agent from outside: its CPU time, its memory and the commits of its file.

The commits are counted in SQLite's own index of the write-ahead log (``-shm``): the third word of
its header is raised by one with every commit, and the word at byte 96 says how many pages of the
log a checkpoint has carried over. Both cost a look at shared memory.
"""

import mmap
import os
import struct
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

CHANGES_AT, CARRIED_AT = 8, 96
SHOWN = 128
NANO_PER_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_LAST_AUTHORISED = "SELECT max(number) FROM entries WHERE kind = 'passage_authorised'"


class AgentWatch:
    """Looks at one agent and its lane's file."""

    def __init__(self, pid: int, record: Path) -> None:
        self._proc = Path(f"/proc/{pid}")
        self._schedule = os.open(self._proc / "schedstat", os.O_RDONLY)
        index = os.open(record.with_name(f"{record.name}-shm"), os.O_RDONLY)
        self._index = mmap.mmap(index, SHOWN, prot=mmap.PROT_READ)
        os.close(index)
        self._record: Any = sqlite.connect(f"file:{record}?mode=ro", uri=True, isolation_level=None)

    def cpu(self) -> int:
        """Return the nanoseconds that the control thread has run; exact while it waits."""
        return int(os.pread(self._schedule, 64, 0).split()[0])

    def cpu_of_process(self) -> int:
        """Return the nanoseconds of all threads, in ticks of the kernel."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * NANO_PER_TICK

    def commits(self) -> int:
        """Return the counter of commits of the lane's file."""
        return self._word(CHANGES_AT)

    def carried(self) -> int:
        """Return how many pages of the log the last checkpoint has carried over."""
        return self._word(CARRIED_AT)

    def last_authorised(self) -> int:
        """Return the number of the newest authorisation that is committed."""
        row = self._record.execute(_LAST_AUTHORISED).fetchone()
        return int(row[0] or 0)

    def anonymous_memory(self) -> float:
        """Return RssAnon in megabytes."""
        for line in (self._proc / "status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
        raise ValueError("The kernel does not tell RssAnon")

    def close(self) -> None:
        """Let go of everything."""
        os.close(self._schedule)
        self._index.close()
        self._record.close()

    def _word(self, at: int) -> int:
        (word,) = struct.unpack_from("=I", self._index, at)
        return int(word)
