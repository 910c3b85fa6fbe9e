"""A private RabbitMQ from the programs of the system's package, beside any other that runs.

It has its own ports, node name, cookie, plugins file and data folder, and ends with this process.
No pid file is used: a second start on a live node deletes it, and a later kill then kills nothing.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from deploy.local import children
from deploy.local.folders import FolderLock, InUse
from deploy.local.ports import free_port

HOMES = (Path("/usr/lib/rabbitmq"), Path("/usr/local/lib/rabbitmq"), Path("/opt/rabbitmq"))
EPMD_PLACES = ("/usr/lib/erlang/erts-*/bin/epmd", "/usr/local/lib/erlang/erts-*/bin/epmd")
START_PATIENCE = 90.0
"""Seconds: a start takes 4 to 8 alone on two cores, and several times that beside a test run."""
STOP_PATIENCE = 30.0
CTL_PATIENCE = 60.0
USER = "trustlane"
AMQP_HELLO = b"AMQP\x00\x00\x09\x01"
ERLANG_ARGUMENTS = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
"""No busy waiting: an idle broker then costs next to nothing."""


def home() -> Path | None:
    """Return the folder of RabbitMQ's programs, or ``None`` where it is not installed."""
    return next((place for place in HOMES if (place / "bin" / "rabbitmq-server").exists()), None)


class RabbitServer:
    """One node in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port = free_port()
        self.log = self.folder / "log" / "out"
        self._epmd_port = free_port()
        self._distribution_port = free_port()
        self._password = secrets.token_urlsafe(24)
        self._lock = FolderLock(self.folder)
        self._epmd: children.Process | None = None
        self._node: children.Process | None = None

    @property
    def url(self) -> str:
        """The address with the user who may do everything; tests make users of their own."""
        return self.url_of(USER, self._password)

    def url_of(self, user: str, password: str, *, vhost: str = "/") -> str:
        """Return the address for one user."""
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def new_vhost(self, name: str) -> str:
        """Make an empty virtual host and return its address for the user who may do everything."""
        self.ctl("add_vhost", name)
        self.ctl("set_permissions", "-p", name, USER, ".*", ".*", ".*")
        return self.url_of(USER, self._password, vhost=name)

    @property
    def pid(self) -> int | None:
        """The node's process, while it runs."""
        if self._node is None or self._node.poll() is not None:
            return None
        return self._node.pid

    def start(self, *, definitions: Mapping[str, object] | Path | None = None) -> None:
        """Start, also on what a killed node left, and return once it answers.

        Raise ``InUse`` when this node, or another in its folder, runs already. ``definitions``
        (users, permissions, queues; or a file or folder with them) are loaded by the node before
        it takes connections.
        """
        if self.pid is not None:
            msg = f"the node in {self.folder} runs already (process {self.pid})"
            raise InUse(msg)
        self._lock.take()
        try:
            self._write_settings(definitions)
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in good order; safe to call twice."""
        for process in (self._node, self._epmd):
            if process is not None:
                children.end(process, patience=STOP_PATIENCE)
        self._node = self._epmd = None
        self._lock.let_go()

    def kill9(self) -> None:
        """Kill the node and return once it is dead; ``ProcessLookupError`` if it was so before."""
        if self._node is None:
            msg = "the node was not started"
            raise ProcessLookupError(msg)
        children.kill(self._node)
        self.stop()

    def ctl(self, *arguments: str) -> str:
        """Run ``rabbitmqctl`` against this node and return what it prints."""
        command = [str(_programs() / "rabbitmqctl"), "--quiet", *arguments]
        done = subprocess.run(
            command,
            env=self._environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CTL_PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            msg = f"rabbitmqctl {arguments[0]} failed:\n{done.stdout}{done.stderr}"
            raise RuntimeError(msg)
        return done.stdout

    def answers(self) -> bool:
        """Tell whether the node speaks AMQP."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.settimeout(2)
                connection.sendall(AMQP_HELLO)
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    def _start(self) -> None:
        environment = self._environment()
        epmd = [_epmd(), "-port", str(self._epmd_port), "-address", "127.0.0.1"]
        kill = signal.SIGKILL
        # As a child of ours: left to itself, the node starts one that outlives everybody.
        self._epmd = children.spawn(epmd, log=self.log, env=environment, death_signal=kill)
        _wait_listening(self._epmd_port)
        self._node = children.spawn(
            [str(_programs() / "rabbitmq-server")],
            log=self.log,
            env=environment,
            cwd=self.folder,
            death_signal=kill,
        )
        deadline = time.monotonic() + START_PATIENCE
        while not self.answers():
            if self._node.poll() is not None or time.monotonic() > deadline:
                msg = f"RabbitMQ did not start; {self.log} ends:\n{children.tail(self.log)}"
                raise RuntimeError(msg)
            time.sleep(0.1)

    def _write_settings(self, definitions: Mapping[str, object] | Path | None) -> None:
        for name in ("mnesia", "log", "home", "tmp"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = [
            f"listeners.tcp.local = 127.0.0.1:{self.port}",
            f"default_user = {USER}",
            f"default_pass = {self._password}",
            "log.file.level = warning",
            "disk_free_limit.absolute = 200MB",
            "vm_memory_high_watermark.absolute = 2GB",
        ]
        if isinstance(definitions, Mapping):
            path = self.folder / "definitions.json"
            path.write_text(json.dumps(definitions), encoding="utf-8")
            definitions = path
        if definitions is not None:
            settings.append(f"load_definitions = {definitions}")
        (self.folder / "rabbitmq.conf").write_text("\n".join(settings) + "\n")
        (self.folder / "rabbitmq-env.conf").write_text("")
        (self.folder / "enabled_plugins").write_text("[].\n")

    def _environment(self) -> dict[str, str]:
        at = self.folder
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(at / "home"),
            "TMPDIR": str(at / "tmp"),
            "RABBITMQ_HOME": str(_programs().parent),
            "RABBITMQ_NODENAME": f"trustlane{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(at / "mnesia"),
            "RABBITMQ_MNESIA_DIR": str(at / "mnesia" / "node"),
            "RABBITMQ_LOG_BASE": str(at / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(at / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(at / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(at / "rabbitmq-env.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(at / "advanced.config"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_ARGUMENTS,
            # The start script then becomes the node, instead of waiting beside it.
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_START_ARGS": ("-noinput -kernel inet_dist_use_interface {127,0,0,1}"),
        }


def _programs() -> Path:
    found = home()
    if found is None:
        msg = "RabbitMQ is not installed: apt-get install rabbitmq-server"
        raise FileNotFoundError(msg)
    return found / "bin"


def _epmd() -> str:
    for pattern in EPMD_PLACES:
        found = sorted(Path("/").glob(pattern.lstrip("/")))
        if found:
            return str(found[-1])
    return "epmd"


def _wait_listening(port: int) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    msg = f"nothing listens on port {port}"
    raise RuntimeError(msg)
