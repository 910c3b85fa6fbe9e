"""A lane's agent goes before the site's pages where the system lets it."""

import os
import subprocess
import sys

import pytest

from deploy.local.paths import ROOT

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


@pytest.mark.parametrize(("limit", "nice"), [(35, -15), (0, 0)])
def test_who_may_goes_first_and_who_may_not_says_so_and_works(limit: int, nice: int) -> None:
    if os.geteuid() != 0 and limit:
        pytest.skip("only root can grant the limit")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(limit=limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert f"nice {nice}" in done.stdout
    assert ("priority_not_granted" in done.stdout) is (nice == 0)
