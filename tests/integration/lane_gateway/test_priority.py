"""A lane's agent goes before the site's pages where the system lets it."""

import os
import subprocess
import sys
from resource import RLIMIT_NICE, getrlimit

import pytest

from deploy.local.paths import ROOT

ENOUGH = 35
"""The limit under which a process may go to nice -15."""
PROGRAM = """
import os, resource
from services.lane_gateway.bootstrap.agent import go_first
resource.setrlimit(resource.RLIMIT_NICE, ({limit}, {limit}))
if os.geteuid() == 0:
    os.setgroups([])
    os.setresuid(65534, 65534, 65534)
go_first()
print("nice", os.getpriority(os.PRIO_PROCESS, 0))
"""


@pytest.mark.parametrize("wanted", [35, 0])
def test_who_may_goes_first_and_who_may_not_says_so_and_works(wanted: int) -> None:
    """Only root can grant more than the session has; for everybody else it is as it is."""
    limit = wanted if os.geteuid() == 0 else min(wanted, getrlimit(RLIMIT_NICE)[0])

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(limit=limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    granted = limit == wanted == ENOUGH
    assert f"nice {-15 if granted else 0}" in done.stdout
    assert ("priority_not_granted" in done.stdout) is not granted
