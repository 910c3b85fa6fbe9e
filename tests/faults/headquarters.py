"""Enrollment and vetting as real processes, on a PostgreSQL and a RabbitMQ of their own."""

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import psycopg
from sqlalchemy import Engine

from deploy.local.children import tethered
from deploy.local.demo_keys import make_demo_keys
from deploy.local.layout import CENTRAL, plan_layout
from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.processes import service_command, service_environment
from deploy.local.rabbitmq import RabbitServer
from deploy.local.supervisor import Program, Supervisor
from services.enrollment import bootstrap as enrollment
from services.enrollment.cli import MIGRATIONS as ENROLLMENT_MIGRATIONS
from services.enrollment.config import Config as EnrollmentConfig
from services.vetting import bootstrap as vetting
from services.vetting.cli import MIGRATIONS as VETTING_MIGRATIONS
from services.vetting.config import Config as VettingConfig
from shared.messaging.opening import open_broker
from shared.messaging.topology import definitions, topology, users
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate

READY_PATIENCE = 90.0
"""Seconds: 5 on two idle cores; a busy machine needs several times that."""
COMMAND_PATIENCE = 60.0
SITE = "sym"
RELAY = ("relay",)
CONSUMER = ("consumer", "retry", "net")
MIGRATIONS = {"enrollment": ENROLLMENT_MIGRATIONS, "vetting": VETTING_MIGRATIONS}

Look = psycopg.Connection[tuple[Any, ...]]


class Headquarters:
    """Five processes of ours, each under a name that the database shows as well."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)  # PostgreSQL runs as another user where we are root
        self.layout = plan_layout(folder)
        self.postgres = PostgresServer(self.layout.postgres)
        self.rabbitmq = RabbitServer(folder / "rabbitmq")
        self.supervisor = Supervisor(logs=self.layout.logs, cwd=ROOT)
        self._broker_layout = topology([SITE])
        self._passwords = {name: token_urlsafe(16) for name in users(self._broker_layout)}

    def start(self) -> None:
        """Start servers and processes, and return once all are ready."""
        self.layout.folder.mkdir(exist_ok=True)
        make_demo_keys(self.layout)
        self.layout.snapshots.mkdir(exist_ok=True)
        with ThreadPoolExecutor() as pool:
            given = definitions(self._broker_layout, self._passwords)
            broker = pool.submit(self.rabbitmq.start, definitions=given)
            self.postgres.start()
            self._make_databases()
            broker.result()
        for program in self._programs():
            self.supervisor.start(program)
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until every process says that it is ready."""
        self.supervisor.wait_ready(patience=READY_PATIENCE)

    def stop(self) -> None:
        """Stop everything; safe to call twice."""
        self.supervisor.stop_all()
        self.rabbitmq.stop()
        self.postgres.stop()

    def look(self, database: str) -> Look:
        """Return a connection for looking inside, to be used as a context."""
        address = self.postgres.url(database).replace("postgresql+psycopg", "postgresql")
        return psycopg.connect(address, autocommit=True, application_name="test")

    def engine(self, service: str) -> Engine:
        """Return an engine as the service's own processes make theirs."""
        return postgres_engine(self.environment(service)[f"{service.upper()}_DATABASE_URL"])

    def broker_url(self, user: str) -> str:
        """Return the broker's address for one of its users, a service or a site."""
        return self.rabbitmq.url_of(user, self._passwords[user])

    def environment(self, service: str, name: str = "test") -> Mapping[str, str]:
        """Return what a process of a service finds in its environment."""
        prefix = service.upper()
        return service_environment(self.layout, self.postgres, service) | {
            f"{prefix}_BROKER_URL": self.broker_url(service),
            f"{prefix}_WORKER_ADMIN_PORT": str(free_port()),
            "PGAPPNAME": name,
        }

    def verb(self, service: str, *arguments: str) -> str:
        """Run one of a service's verbs to its end and return what it prints."""
        done = subprocess.run(
            tethered(service_command(service, *arguments)),
            cwd=ROOT,
            env=dict(self.environment(service)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def enrollment_config(self) -> EnrollmentConfig:
        """Return enrollment's settings, for the parts that tests open in their own process."""
        return EnrollmentConfig.from_env(self.environment("enrollment"))

    def vetting_config(self) -> VettingConfig:
        """Return vetting's settings."""
        return VettingConfig.from_env(self.environment("vetting"))

    def _make_databases(self) -> None:
        with self.look("postgres") as connection:
            for service in CENTRAL:
                connection.execute(f'CREATE DATABASE "{service}"'.encode())
        for service in CENTRAL:
            engine = self.engine(service)
            migrate(engine, MIGRATIONS[service])
            engine.dispose()

    def _programs(self) -> list[Program]:
        """Return web, the relay alone and the rest; vetting's consumer alone and the rest."""
        all_enrollment, all_vetting = self._enrollment_loops(), self._vetting_loops()
        return [
            self._web("enrollment"),
            self._worker("enrollment-relay", RELAY),
            self._worker("enrollment-rest", all_enrollment - set(RELAY)),
            self._worker("vetting-consumer", CONSUMER),
            self._worker("vetting-rest", all_vetting - set(CONSUMER)),
        ]

    def _enrollment_loops(self) -> set[str]:
        config = self.enrollment_config()
        parts = enrollment.parts(config)
        broker = open_broker(config.broker_url, production=False)
        return set(enrollment.loops(parts, config, broker))

    def _vetting_loops(self) -> set[str]:
        config = self.vetting_config()
        parts = vetting.parts(config)
        broker = open_broker(config.broker_url, production=False)
        return set(vetting.loops(parts, config, broker))

    def _web(self, service: str) -> Program:
        return Program(
            name=f"{service}-web",
            command=service_command(service, "web"),
            environment=self.environment(service, f"{service}-web"),
            ready=f"{self.layout.admin_url(service)}/readyz",
        )

    def _worker(self, name: str, loops: set[str] | tuple[str, ...]) -> Program:
        service = name.partition("-")[0]
        chosen = [part for loop in sorted(loops) for part in ("--only", loop)]
        environment = self.environment(service, name)
        port = environment[f"{service.upper()}_WORKER_ADMIN_PORT"]
        return Program(
            name=name,
            command=service_command(service, "worker", *chosen),
            environment=environment,
            ready=f"http://localhost:{port}/readyz",
        )
