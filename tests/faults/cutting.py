"""Cuts the cable between a lane's reader link and its reader again and again, and takes the times.

``python -m tests.faults.cutting CUTS SEED``, in a network of its own (``cable.apart``). Prints one
line of JSON for each cut. What holds the session is the agent's own link with its own patience.
"""

import json
import random
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from typing import Any

from services.lane_gateway.agent.reader_link import ReaderLink
from services.lane_gateway.devices.llrp.reader import LlrpReader
from services.lane_gateway.devices.llrp.settings import ReaderAddress
from services.lane_gateway.domain.evidence import TagRead
from tests.faults.cable import THEIR_ADDRESS, Cable, Place, apart, half_open
from tests.faults.reader_on_a_cable import CARD, PORT

TURN = 0.02
"""Seconds of waiting for the reader at most, as the agent's loop has its next scan."""
LONGEST = 30.0
"""Seconds for anything at all."""
STILL_OUT = (0.0, 2.0)
"""How long the cable stays out once the reader was declared dead."""
AT_WORK = (0.3, 1.3)
"""How long a session reads before its cable is pulled: any time between two keepalives."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One cut; all in seconds."""

    place: Place
    declared_after: float
    """From the cable's end to the link's word that the reader is lost."""
    half_open: bool
    """The connection still counted as established when its reader was given up."""
    received: int
    """TCP segments that came to us while the cable was out."""
    sent_again: int
    """TCP segments that the reader's host sent once more while the cable was out."""
    busy_for: float
    """From the plug to the end of the reader's patience with its dead client."""
    back_after: float
    """From the reader's return (plugged and free) to a fresh read of the card."""
    replays: int
    """Reports of the outage that were recognised as such."""


class Lane:
    """The agent's reader link, in a loop as the agent's."""

    def __init__(self) -> None:
        self.reader = LlrpReader(ReaderAddress(host=THEIR_ADDRESS, port=PORT))
        self.link = ReaderLink(self.reader, monotonic=time.monotonic, wake=lambda: None)
        self.fresh = 0.0
        self.replays = 0

    def turn(self) -> None:
        """Wait a moment and take what came."""
        number = self.link.fileno()
        poller = select.poll()
        if number >= 0:
            poller.register(number, select.POLLIN)
        poller.poll(0 if self.link.pending() else TURN * 1000)
        for came in self.link.poll():
            if isinstance(came, TagRead) and not came.replay:
                assert (came.epc, came.tid) == (CARD.epc, CARD.tid)
                self.fresh = time.monotonic()
        if self.link.live:
            self.replays = self.reader.health().dropped_replays

    def until(self, condition: Callable[[], bool]) -> float:
        """Work until it holds; return when it did."""
        end = time.monotonic() + LONGEST
        while not condition():
            assert time.monotonic() < end, f"it did not happen: {self.link.failure}"
            self.turn()
        return time.monotonic()

    def work(self, seconds: float) -> None:
        """Work for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end)


class Reader:
    """The reader's process in its own network, and what it says."""

    def __init__(self) -> None:
        command = apart([sys.executable, "-m", "tests.faults.reader_on_a_cable"])
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.pid = int(self.process.stdout.readline())
        self._said: SimpleQueue[dict[str, Any]] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def said(self) -> list[dict[str, Any]]:
        """Return what it said since the last call."""
        found = []
        while not self._said.empty():
            found.append(self._said.get())
        return found

    def end(self) -> None:
        """Let it end."""
        self.process.communicate("", timeout=LONGEST)


def cut_once(lane: Lane, reader: Reader, cable: Cable, place: Place, chance: random.Random) -> Cut:
    """Pull the cable while cards are read, wait for both sides to notice, and plug it again."""
    lane.until(lambda: lane.fresh > 0)
    lane.work(chance.uniform(*AT_WORK))
    assert lane.link.live
    reader.said()
    repeats = cable.sent_again()
    pulled = cable.cut(place)
    received = cable.segments()
    established = True

    def given_up() -> bool:
        nonlocal established
        if not lane.link.live:
            return True
        established = half_open(PORT)
        return False

    declared = lane.until(given_up)
    lane.work(chance.uniform(*STILL_OUT))
    assert not cable.is_whole(place)
    received, repeats = cable.segments() - received, cable.sent_again() - repeats
    lane.fresh = 0.0
    plugged = cable.mend(place)
    back = lane.until(lambda: lane.fresh > 0)
    lane.work(0.1)  # what the reader says comes by another way
    freed = [said["at"] for said in reader.said() if said["what"] == "free"]
    returned = max([plugged, *(at for at in freed if at < back)])
    return Cut(
        place=place,
        declared_after=declared - pulled,
        half_open=established,
        received=received,
        sent_again=repeats,
        busy_for=returned - plugged,
        back_after=back - returned,
        replays=lane.replays,
    )


def main(cuts: int, seed: int) -> None:
    """Do it so many times."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw
    reader = Reader()
    try:
        cable, lane = Cable(reader.pid), Lane()
        for number in range(cuts):
            place = list(Place)[number % len(Place)]
            print(json.dumps(asdict(cut_once(lane, reader, cable, place, chance))), flush=True)
        lane.link.close()
        cable.close()
    finally:
        reader.end()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
