"""What a test session leaves behind, and who may run the servers."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwnam, getpwuid
from tempfile import mkdtemp

import pytest

from deploy.local import children
from deploy.local.paths import ROOT
from deploy.local.postgres import programs

SESSION = """
import signal
import time

# A shell makes what it starts in the background deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


def test_that_hangs(postgres, oidc):
    print("PIDS", postgres.pid, *oidc.pids, flush=True)
    time.sleep(600)
"""
AS_ANYBODY = textwrap.dedent("""
    import os
    from pathlib import Path
    from deploy.local.postgres import PostgresServer
    from deploy.local.rabbitmq import RabbitServer
    assert os.geteuid() != 0
    for server in (PostgresServer(Path("postgres")), RabbitServer(Path("rabbitmq"))):
        server.start()
        assert server.answers()
        server.kill9()
        server.start()
        server.stop()
    print("done")
""")
PATIENCE = 90.0
SYSTEM_PYTHON = Path("/usr/bin/python3")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_session_that_is_cut_short_leaves_no_server(
    tmp_path: Path, number: signal.Signals
) -> None:
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text(SESSION)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "tests.conftest"]
    command += ["-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), str(hanging)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout is not None
        line = next(line for line in session.stdout if "PIDS" in line)
        pids = [int(word) for word in line.partition("PIDS")[2].split()]
        assert len(pids) == 3
        assert all(children.alive(pid) for pid in pids)

        session.send_signal(number)
        try:
            session.wait(PATIENCE)
        finally:
            session.kill()

    assert children.wait_gone(pids) == []


def test_what_a_command_leaves_running_is_ended_and_counts_as_a_failure() -> None:
    program = "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)"
    command = [sys.executable, "-m", "deploy.local.measure", "it", sys.executable, "-c", program]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "sleep 600" in done.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach, with a copy of the runner and of PostgreSQL."""
    folder = Path(mkdtemp(prefix="trustlane-"))
    folder.chmod(0o755)
    package = programs().parents[1]
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    shutil.copytree(programs().parent, folder / package.name / "pginstall18", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    (folder / package.name / "__init__.py").touch()
    (folder / "run").mkdir()
    yield folder
    shutil.rmtree(folder)


def test_somebody_who_is_not_root_runs_the_servers(open_folder: Path) -> None:
    root = os.geteuid() == 0  # if not, the whole session shows it, and this is one time more
    user = getpwnam("nobody").pw_uid if root else os.geteuid()
    os.chown(open_folder / "run", user, -1)

    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", AS_ANYBODY],
        cwd=open_folder / "run",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(open_folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        user=user,
        group=getpwuid(user).pw_gid,
        extra_groups=[] if root else None,
    )

    assert done.stdout.strip() == "done", done.stderr
