"""A site's processes as they are in production, with a long credential list and automatic lanes.

An agent per lane and the site's web run as their own commands; headquarters, broker and worker are
not part of the path that is measured. In the worker's place stands ``heads.py``, which holds the
list's file open for writing and brings a fresh head in time.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.lane.cards import CardList, card_file
from deploy.local.demo_keys import make_demo_keys
from deploy.local.layout import SITE, Lane, Layout, plan_layout
from deploy.local.oidc import provider
from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.processes import service_command, service_environment
from deploy.local.running import run_verb
from deploy.local.supervisor import Program, Supervisor
from services.lane_gateway.persistence.site_files import SiteFiles

GENERATION = 1
READY_PATIENCE = 60.0
"""Seconds: a few on two idle cores."""
NO_BROKER = "amqp://nobody@localhost:1/"
"""Agents and web never open it; their configuration names it all the same."""


@dataclass(frozen=True, kw_only=True)
class Premises:
    """A site that runs."""

    layout: Layout
    supervisor: Supervisor
    postgres: PostgresServer

    @property
    def files(self) -> SiteFiles:
        """Return the site's files."""
        return SiteFiles(folder=self.layout.site_data)

    def agent(self, lane: str) -> int:
        """Return the process of a lane's agent."""
        return self.supervisor.pid(_agent(lane))

    def start_agents(self) -> None:
        """Start an agent for every lane."""
        environment = self.environment()
        for lane in self.layout.lanes:
            command = service_command("lane_gateway", "agent", "--lane", lane.id)
            program = Program(name=_agent(lane.id), command=command, environment=environment)
            self.supervisor.start(program)

    def start_web(self) -> None:
        """Start the OpenID provider and the site's web, and wait until both answer."""
        self.supervisor.start(provider("staff", self.layout.oidc_ports["staff"]))
        self.supervisor.start(
            Program(
                name="web",
                command=service_command("lane_gateway", "web"),
                environment=self.environment(),
                ready=f"{self.layout.admin_url('lane_gateway')}/readyz",
            )
        )
        self.supervisor.wait_ready(patience=READY_PATIENCE)

    def verb(self, *arguments: str) -> str:
        """Run one of the site's verbs to its end and return what it prints."""
        return run_verb(self.layout, self.postgres, "lane_gateway", *arguments)

    def environment(self) -> dict[str, str]:
        """Return what the site's processes find in their environment."""
        return service_environment(self.layout, self.postgres, "lane_gateway")


@contextmanager
def site(folder: Path, *, lanes: int, cards: CardList) -> Iterator[Premises]:
    """Prepare a site in ``folder`` whose list is ``cards``; stop whatever of it runs at the end."""
    names = [f"l{number}" for number in range(1, lanes + 1)]
    layout = replace(
        plan_layout(folder, broker=NO_BROKER), lanes=[_automatic(name) for name in names]
    )
    supervisor = Supervisor(logs=layout.logs, cwd=ROOT)
    premises = Premises(
        layout=layout, supervisor=supervisor, postgres=PostgresServer(layout.postgres)
    )
    try:
        _prepare(premises, card_file(cards))
        yield premises
    finally:
        supervisor.stop_all()


def _prepare(premises: Premises, cards: Path) -> None:
    layout = premises.layout
    make_demo_keys(layout)
    layout.site_data.mkdir()
    lanes = [{**record, "counter": True} for record in layout.lane_records()]
    layout.lanes_file.write_text(json.dumps(lanes), encoding="utf-8")
    os.link(cards, premises.files.cards(GENERATION))
    premises.verb("migrate")
    premises.supervisor.start(
        Program(
            name="heads",
            command=[sys.executable, "-m", "benchmarks.lane.heads", *_arguments(premises)],
            environment={"PATH": os.environ["PATH"]},
        )
    )


def _arguments(premises: Premises) -> Sequence[str]:
    return str(premises.layout.site_data), str(premises.layout.keys("lane_gateway"))


def _automatic(name: str) -> Lane:
    reader, gate, camera = (f"localhost:{free_port()}" for _ in range(3))
    return Lane(id=name, site=SITE, mode="automatic", reader=reader, gate=gate, camera=camera)


def _agent(lane: str) -> str:
    return f"agent-{lane}"
