"""A lane's agent goes before the site's pages where the system lets it."""

import re
import subprocess
import sys
from pathlib import Path

from deploy.local.paths import ROOT

CAP_SYS_NICE = 23
PROGRAM = """
import os, resource
from services.lane_gateway.bootstrap.agent import go_first
if {dropped}:
    resource.setrlimit(resource.RLIMIT_NICE, (0, 0))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresuid(65534, 65534, 65534)
before = os.getpriority(os.PRIO_PROCESS, 0)
go_first()
print("moved by", os.getpriority(os.PRIO_PROCESS, 0) - before)
"""


def gone_first(*, dropped: bool) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(dropped=dropped)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout


def test_who_may_not_says_so_and_works() -> None:
    said = gone_first(dropped=True)

    assert "moved by 0" in said
    assert "priority_not_granted" in said


def test_who_may_goes_first() -> None:
    """Who has the right (root, mostly) does; anybody else finds what the test before has shown."""
    rights = re.search(r"CapEff:\s+(\w+)", Path("/proc/self/status").read_text())
    assert rights is not None
    may = bool(int(rights[1], 16) >> CAP_SYS_NICE & 1)

    said = gone_first(dropped=False)

    moved = "moved by 0" not in said
    assert ("priority_not_granted" in said) is not moved
    assert moved or not may
