"""Enrollment as real processes on real servers, with members whose cards are in use."""

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

import psycopg

from benchmarks.feed.follow import SitePlan, write_plans
from benchmarks.people import Member, add_members, anybody
from deploy.container.keys import make_keys
from deploy.local.demo_keys import make_demo_keys
from deploy.local.layout import BROKER_DATABASE, EMBEDDED, ZONE, Layout, plan_layout
from deploy.local.paths import ROOT
from deploy.local.postgres import PostgresServer
from deploy.local.processes import passed_on, service_command, service_environment
from deploy.local.rabbitmq import RabbitServer
from deploy.local.supervisor import Program, Supervisor
from services.enrollment import bootstrap
from services.enrollment.cli import MIGRATIONS
from services.enrollment.config import Config
from services.enrollment.domain.site import Site
from shared.crypto.jwk import public_jwk
from shared.crypto.keyring import FolderKeyRing
from shared.messaging import embedded
from shared.messaging.broker import Broker
from shared.messaging.opening import open_broker
from shared.messaging.topology import definitions, site_queue, topology, users
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate

Database = psycopg.Connection[tuple[object, ...]]

READY_PATIENCE = 90.0


class Headquarters:
    """PostgreSQL, broker, enrollment's web and worker, and the sites that follow its feed."""

    def __init__(self, folder: Path, sites: Sequence[str], *, with_rabbitmq: bool) -> None:
        self.layout: Layout = plan_layout(folder, broker=EMBEDDED)
        self.postgres = PostgresServer(self.layout.postgres)
        self.supervisor = Supervisor(logs=self.layout.logs, cwd=ROOT)
        self._topology = topology(sites)
        self._passwords = {name: token_urlsafe(16) for name in users(self._topology)}
        self._rabbitmq = RabbitServer(folder / "rabbitmq") if with_rabbitmq else None

    def start(self) -> None:
        """Start the servers and enrollment's processes."""
        self.layout.snapshots.mkdir()
        make_demo_keys(self.layout)
        with ThreadPoolExecutor() as pool:
            broker = pool.submit(self._start_broker)
            self.postgres.start()
            self._make_databases()
            broker.result()
        if self._rabbitmq is None:
            embedded.install(self.broker_url("enrollment"), self._topology)
        engine = postgres_engine(self.config.database_url)
        migrate(engine, MIGRATIONS)
        engine.dispose()
        for process in ("web", "worker"):
            self.supervisor.start(self._program(process))
        self.supervisor.wait_ready(patience=READY_PATIENCE)

    def stop(self) -> None:
        """Stop everything; safe to call twice."""
        self.supervisor.stop_all()
        if self._rabbitmq is not None:
            self._rabbitmq.stop()
        self.postgres.stop()

    @property
    def config(self) -> Config:
        """Return enrollment's settings."""
        return Config.from_env(self._environment("web"))

    def broker_url(self, user: str) -> str:
        """Return the broker's address for a service or a site."""
        if self._rabbitmq is None:
            address = self.postgres.url(BROKER_DATABASE)
            return address.replace("postgresql+psycopg", "postgresql")
        return self._rabbitmq.url_of(user, self._passwords[user])

    def vetting(self) -> Broker:
        """Return the broker as vetting's processes have it."""
        return open_broker(self.broker_url("vetting"), production=False, name="vetting")

    def database(self) -> Database:
        """Return a connection to enrollment's database."""
        address = self.postgres.url("enrollment").replace("postgresql+psycopg", "postgresql")
        return psycopg.connect(address, autocommit=True)

    def add_sites(self, sites: Sequence[str]) -> list[SitePlan]:
        """Enter the sites at enrollment and return where each keeps its things."""
        with self._parts() as parts:
            plans = [self._plan(site) for site in sites]
            for plan in plans:
                ring = FolderKeyRing(Path(plan.keys))
                parts.use_cases().add_site(
                    Site(
                        id=plan.site,
                        name=plan.site,
                        zone=ZONE,
                        sealing_key=json.dumps(public_jwk(ring, "site")),
                        client_key=json.dumps(public_jwk(ring, "client")),
                    )
                )
        return plans

    def start_sites(self, plans: Sequence[SitePlan], *, processes: int) -> None:
        """Let all sites follow the feed, shared out over so many processes."""
        for number in range(processes):
            path = self.layout.folder / f"sites-{number}.json"
            write_plans(path, list(plans[number::processes]))
            command = [sys.executable, "-m", "benchmarks.feed.follow", str(path)]
            self.supervisor.start(
                Program(name=f"sites-{number}", command=command, environment=passed_on())
            )

    def add_members(self, count: int) -> list[Member]:
        """Make members with cards in use, through enrollment's own parts."""
        with self._parts() as parts:
            return add_members(parts, anybody(count))

    @contextmanager
    def _parts(self) -> Iterator[bootstrap.Parts]:
        parts = bootstrap.parts(self.config)
        try:
            yield parts
        finally:
            parts.engine.dispose()

    def _plan(self, site: str) -> SitePlan:
        folder = self.layout.folder / "sites" / site
        make_keys("lane_gateway", keys=folder / "keys", public=folder / "public", demo=True)
        return SitePlan(
            site=site,
            data=str(folder / "data"),
            keys=str(folder / "keys"),
            feed_keys=str(self.layout.public_key("enrollment-feed-signing")),
            enrollment_url=self.layout.url("enrollment"),
            broker_url=self.broker_url(site_queue(site)),
        )

    def _start_broker(self) -> None:
        if self._rabbitmq is not None:
            self._rabbitmq.start(definitions=definitions(self._topology, self._passwords))

    def _make_databases(self) -> None:
        address = self.postgres.url().replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            for name in ("enrollment", BROKER_DATABASE):
                connection.execute(f'CREATE DATABASE "{name}"'.encode())

    def _program(self, process: str) -> Program:
        return Program(
            name=f"enrollment-{process}",
            command=service_command("enrollment", process),
            environment=self._environment(process),
            ready=f"{self.layout.admin_url('enrollment', process)}/readyz",
        )

    def _environment(self, process: str) -> dict[str, str]:
        told = service_environment(self.layout, self.postgres, "enrollment", process=process)
        return told | {"ENROLLMENT_BROKER_URL": self.broker_url("enrollment")}
