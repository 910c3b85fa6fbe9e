"""Bring an installation up and take it down again: for demo, story and end-to-end tests."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deploy.local import seed
from deploy.local.children import tail, tethered
from deploy.local.demo_keys import make_demo_keys
from deploy.local.folders import FolderLock, InUse
from deploy.local.layout import BROKER_DATABASE, CENTRAL, EMBEDDED, SERVICES, Layout, plan_layout
from deploy.local.paths import ROOT
from deploy.local.people import PEOPLE
from deploy.local.postgres import PostgresServer
from deploy.local.processes import (
    broker_url,
    providers,
    service_command,
    service_environment,
    service_programs,
    simulator,
)
from deploy.local.supervisor import Supervisor
from shared.messaging import amqp, embedded
from shared.messaging.topology import topology

READY_PATIENCE = 120.0
"""Seconds: about 15 on two idle cores; more shows a process that hangs, not one that is slow."""
COMMAND_PATIENCE = 120.0
RECORD = "demo.json"
WRITTEN = (
    *("postgres", "keys", "site", "snapshots", "watchlist", "logs", "lanes.json"),
    "simulator.json",
)
"""What an installation leaves in its folder, beside the lock."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A running installation."""

    layout: Layout
    postgres: PostgresServer
    supervisor: Supervisor

    def command(self, service: str, *arguments: str) -> str:
        """Run one of a service's verbs and return what it prints; raise if it refuses."""
        return run_verb(self.layout, self.postgres, service, *arguments)


class AlreadyRunning(Exception):  # noqa: N818 - reads as plain words
    """Another installation runs in this folder; the text gives its address."""


@contextlib.contextmanager
def running_demo(
    folder: Path, *, broker: str = EMBEDDED, keep: bool = False, seeded: bool = True
) -> Iterator[Installation]:
    """Run the whole system in ``folder``, which is emptied first unless ``keep`` is set.

    ``broker`` is ``embedded`` or an AMQP address. Everything ends with the context, or with this
    process however it ends. Raise ``AlreadyRunning`` or ``NotReady``.
    """
    folder = folder.resolve()
    lock = FolderLock(folder, "in-use")
    try:
        lock.take()
    except InUse as error:
        raise AlreadyRunning(_address_of_first(folder)) from error
    try:
        (folder / RECORD).unlink(missing_ok=True)  # a killed one's, which says that it is ready
        if not keep:
            _empty(folder)
        layout = plan_layout(folder, broker=broker)
        with _running(layout, seeded=seeded) as installation:
            yield installation
    finally:
        (folder / RECORD).unlink(missing_ok=True)
        lock.let_go()


@contextlib.contextmanager
def _running(layout: Layout, *, seeded: bool) -> Iterator[Installation]:
    postgres = PostgresServer(layout.postgres)
    supervisor = Supervisor(logs=layout.logs, cwd=ROOT)
    installation = Installation(layout=layout, postgres=postgres, supervisor=supervisor)
    try:
        postgres.start()
        for program in providers(layout):
            supervisor.start(program)
        _prepare(installation)
        if seeded:
            seed.before_start(installation.command, layout)
        supervisor.start(simulator(layout, postgres))
        for program in service_programs(layout, postgres):
            supervisor.start(program)
        supervisor.wait_ready(patience=READY_PATIENCE)
        if seeded:
            seed.after_start(installation.command, layout)
        _write_record(layout)
        yield installation
    finally:
        supervisor.stop_all()
        postgres.stop()


def _prepare(installation: Installation) -> None:
    """Make keys, files, databases, tables and queues."""
    layout, postgres = installation.layout, installation.postgres
    make_demo_keys(layout)
    for folder in (layout.site_data, layout.snapshots):
        folder.mkdir(exist_ok=True)
    layout.lanes_file.write_text(json.dumps(layout.lane_records(), indent=2), encoding="utf-8")
    _make_databases(postgres)
    queues = topology({lane.site for lane in layout.lanes})
    install = embedded.install if layout.broker == EMBEDDED else amqp.declare
    install(broker_url(layout, postgres), queues)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda service: installation.command(service, "migrate"), SERVICES))


def _make_databases(postgres: PostgresServer) -> None:
    address = postgres.url().replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database").fetchall()
        there = {row[0] for row in found}
        for name in (*CENTRAL, BROKER_DATABASE):
            if name not in there:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())


def run_verb(layout: Layout, postgres: PostgresServer, service: str, *arguments: str) -> str:
    """Run one of a service's verbs to its end and return what it prints; raise if it refuses."""
    log = layout.logs / "commands.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        done = subprocess.run(
            tethered(service_command(service, *arguments)),
            cwd=ROOT,
            env=service_environment(layout, postgres, service),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=COMMAND_PATIENCE,
            check=False,
        )
    if done.returncode != 0:
        msg = f"{service} {arguments[0]} ended with status {done.returncode}:\n{tail(log)}"
        raise RuntimeError(msg)
    return done.stdout.decode()


def _write_record(layout: Layout) -> None:
    """Write ``demo.json``, whole or not at all: programs outside wait for it."""
    record = {
        "ready": True,
        "broker": "embedded" if layout.broker == EMBEDDED else "amqp",
        "services": {service: layout.url(service) for service in SERVICES},
        "metrics": {service: f"{layout.admin_url(service)}/metrics" for service in SERVICES},
        "oidc": {issuer: layout.oidc_url(issuer) for issuer in layout.oidc_ports},
        "lanes": layout.lane_records(),
        "people": [
            {"name": each.name, "role": each.role, "username": each.username, "password": None}
            for each in PEOPLE
        ],
    }
    control = {"control": f"http://localhost:{layout.simulator_port}"}
    _write(layout.folder / "simulator.json", control)
    _write(layout.folder / RECORD, record)


def _write(path: Path, value: object) -> None:
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(json.dumps(value, indent=2), encoding="utf-8")
    fresh.replace(path)


def _address_of_first(folder: Path) -> str:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return f"it answers at {record['services']['enrollment']}"
    except (OSError, ValueError, KeyError):
        return "it is still starting, or stopping"


def _empty(folder: Path) -> None:
    """Remove what an earlier installation left here, and nothing else that lies in the folder."""
    for name in WRITTEN:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
