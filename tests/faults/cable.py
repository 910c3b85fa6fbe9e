"""Two hosts and the switch between them, each a network namespace that the tests make.

Whoever uses it runs in a namespace of its own already (``apart``): nothing of the machine's network
is touched, no name is left behind, and all of it ends with the processes in it.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

OURS, THEIRS, BRIDGE = "lane", "reader", "switch"
OUR_ADDRESS, THEIR_ADDRESS = "192.0.2.1", "192.0.2.2"
"""Addresses of documentation (RFC 5737), which nobody has."""
NET = "/30"
IN_TIME = 5.0
"""Seconds for a link to change its state, which takes a millisecond."""
SYSTEM = "/usr/sbin:/sbin:/usr/bin:/bin"


class Place(StrEnum):
    """Where the line is cut, which are the switch's interfaces."""

    OUR_PORT = "port1"
    """Between us and the switch: we lose the carrier, the reader does not."""
    THEIR_PORT = "port2"
    """Between the reader and the switch: the reader loses the carrier, we do not."""
    SWITCH = BRIDGE
    """Within the switch: nobody is told anything."""


def apart(command: Sequence[str]) -> list[str]:
    """Return the command that runs ``command`` in a network of its own; root is not needed."""
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [_program("unshare"), *rights, "--net", "--fork", "--kill-child", "--", *command]


def _program(name: str) -> str:
    found = shutil.which(name, path=SYSTEM)
    assert found is not None, f"{name} is missing: make test installs it, or says what to do"
    return found


def ip(*words: str, inside: int | None = None) -> str:
    """Run ``ip``, in another process's network where ``inside`` is its id."""
    enter = [_program("nsenter"), "--net", "--target", str(inside), "--"]
    command = [*(enter if inside is not None else []), _program("ip"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=IN_TIME, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


class Cable:
    """From this process's network through a switch's to that of the process ``peer``."""

    def __init__(self, peer: int) -> None:
        self._peer = peer
        self._host = subprocess.Popen(apart(["cat"]), stdin=subprocess.PIPE)
        # The command says nothing; its network is there once it differs from ours.
        self._switch = _child_in_its_own_network(self._host.pid)
        ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0", inside=self._switch)
        self._connect(OURS, Place.OUR_PORT, OUR_ADDRESS, None)
        self._connect(THEIRS, Place.THEIR_PORT, THEIR_ADDRESS, peer)
        self.mend(Place.SWITCH)

    def cut(self, place: Place) -> float:
        """Cut the line; return when (monotonic)."""
        ip("link", "set", place, "down", inside=self._switch)
        assert not self.is_whole(place)
        return time.monotonic()

    def mend(self, place: Place) -> float:
        """Put it together again; return when."""
        ip("link", "set", place, "up", inside=self._switch)
        until = time.monotonic() + IN_TIME
        while not self.is_whole(place):
            assert time.monotonic() < until, "the link does not come up"
        return time.monotonic()

    def is_whole(self, place: Place) -> bool:
        """Tell whether the line is up there."""
        return "LOWER_UP" in ip("-o", "link", "show", "dev", place, inside=self._switch)

    def close(self) -> None:
        """Let the switch go."""
        self._host.communicate(b"", timeout=IN_TIME)

    def segments(self) -> int:
        """Return how many TCP segments have come to us, broken ones included."""
        return _tcp(Path("/proc/self/net/snmp"))["InSegs"]

    def sent_again(self) -> int:
        """Return how many TCP segments the reader's host had to send again."""
        return _tcp(Path(f"/proc/{self._peer}/net/snmp"))["RetransSegs"]

    def _connect(self, name: str, port: Place, address: str, host: int | None) -> None:
        inside, switch = host or os.getpid(), self._switch
        wire = ["link", "add", port, "type", "veth", "peer", "name", name, "netns", str(inside)]
        ip(*wire, inside=switch)
        ip("link", "set", port, "master", BRIDGE, "up", inside=switch)
        ip("address", "add", address + NET, "dev", name, inside=host)
        for each in ("lo", name):
            ip("link", "set", each, "up", inside=host)


def half_open(port: int) -> bool:
    """Tell whether a connection of ours to ``port`` still counts as established."""
    established = "01"
    lines = Path("/proc/self/net/tcp").read_text().splitlines()[1:]
    rows = (line.split() for line in lines)
    return any(int(row[2].split(":")[1], 16) == port and row[3] == established for row in rows)


def _child_in_its_own_network(parent: int) -> int:
    """Return the process that ``unshare`` has begun, once it is apart from us."""
    mine, until = Path("/proc/self/ns/net").stat().st_ino, time.monotonic() + IN_TIME
    while time.monotonic() < until:
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            if Path(f"/proc/{child}/ns/net").stat().st_ino != mine:
                return int(child)
        time.sleep(0.01)
    raise AssertionError("no network of its own could be made")


def _tcp(path: Path) -> dict[str, int]:
    names, values = (
        line.split()[1:] for line in path.read_text().splitlines() if line.startswith("Tcp:")
    )
    return dict(zip(names, map(int, values), strict=True))
