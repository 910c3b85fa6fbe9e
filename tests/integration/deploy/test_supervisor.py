import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import children
from deploy.local.paths import ROOT
from deploy.local.ports import free_port, is_free
from deploy.local.supervisor import NotReady, Program, Supervisor

SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
FORKER = [
    sys.executable,
    "-S",
    "-c",
    "import os, time; os.fork(); time.sleep(600)",
]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(logs=tmp_path, cwd=ROOT)
    yield made
    made.stop_all()


def test_stopping_leaves_neither_children_nor_grandchildren(supervisor: Supervisor) -> None:
    supervisor.start(Program(name="forker", command=FORKER))
    pid = supervisor.pid("forker")
    grandchildren = wait_for_children(pid)

    supervisor.stop_all()

    assert children.wait_gone([pid, *grandchildren]) == []


def test_a_program_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor(logs=tmp_path, cwd=ROOT)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    command = [sys.executable, "-S", "-c", f"{deaf}; time.sleep(600)"]
    supervisor.start(Program(name="deaf", command=command, stop_patience=0.3))
    wait_until(lambda: supervisor.log("deaf").read_text() != "")

    supervisor.stop_all()

    assert not supervisor.runs("deaf")


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from deploy.local.supervisor import Program, Supervisor
        supervisor = Supervisor(logs=Path(sys.argv[1]), cwd=Path("/"))
        for number in range(3):
            command = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
            supervisor.start(Program(name=f"sleeper{number}", command=command))
        print(*(supervisor.pid(f"sleeper{number}") for number in range(3)), flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as victim:
        assert victim.stdout is not None
        pids = [int(word) for word in victim.stdout.readline().split()]
        assert len(pids) == 3
        wait_until(lambda: all(runs_sleep(pid) for pid in pids))

        victim.kill()

    assert children.wait_gone(pids) == []


def test_what_is_not_ready_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    port = free_port()
    command = [sys.executable, "-S", "-c", "import sys; sys.exit('the reason')"]
    supervisor.start(Program(name="failing", command=command, ready=f"http://localhost:{port}/"))

    with pytest.raises(NotReady, match=r"(?s)failing.*the reason"):
        supervisor.wait_ready(patience=20)


def test_a_kill_of_a_dead_program_fails(supervisor: Supervisor) -> None:
    supervisor.start(Program(name="sleeper", command=SLEEPER))
    supervisor.kill9("sleeper")

    with pytest.raises(ProcessLookupError):
        supervisor.kill9("sleeper")


def test_an_unexpected_end_is_noticed_and_an_expected_one_is_not(supervisor: Supervisor) -> None:
    for name in ("one", "two"):
        supervisor.start(Program(name=name, command=SLEEPER))

    supervisor.kill9("one")
    os.kill(supervisor.pid("two"), signal.SIGKILL)

    wait_until(lambda: supervisor.ended() == ["two"])


def test_a_port_in_use_is_not_free() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)


def runs_sleep(pid: int) -> bool:
    """Tell whether the tether has become the program: before, it looks for its parent itself."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return children.alive(pid) and b"tether" not in command


def wait_for_children(pid: int) -> list[int]:
    wait_until(lambda: bool(children.children_of(pid)))
    return children.children_of(pid)


def wait_until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
