"""The site's command line: web, worker, agent, simulator and the common verbs."""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.lane_gateway.bootstrap import agent, command_line, simulator, site, web, worker
from services.lane_gateway.config import Config
from shared.process.cli import AddParser, Command, ServiceCommands, run
from shared.web.logs import configure_logging


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    configure_logging("lane_gateway")
    return run(
        ServiceCommands(
            service="lane_gateway",
            web=lambda: web.run(_config()),
            worker=lambda: worker.run(_config()),
            migrate=lambda: site.migrate_site(_config()),
            openapi=web.openapi,
            dead_letters=lambda: worker.dead_letters(_config()),
            keys=lambda chosen: command_line.keys(_config(), chosen),
            audit_verify=lambda witness: command_line.audit_verify(_config(), witness),
            erase=lambda person: command_line.erase(_config(), person),
            more=_more,
        ),
        arguments,
    )


def _more(add: AddParser) -> Mapping[str, Command]:
    add("agent", help="control one lane").add_argument("--lane", required=True)
    parser = add("simulator", help="stand in for readers, gates, cameras and vehicles")
    parser.add_argument("--lanes", type=Path, help="file of lanes; default LANE_GATEWAY_LANES")
    parser.add_argument("--control", type=int, required=True, help="port of the control, loopback")
    parser.add_argument("--scenario", type=Path, help="file of vehicles that drive by themselves")
    parser.add_argument("--truth", type=Path, help="file that gets what really happened")
    return {
        "agent": lambda chosen: agent.run(_config(), chosen.lane),
        "simulator": lambda chosen: simulator.run(
            _lanes_file(chosen),
            control=chosen.control,
            scenario=chosen.scenario,
            truth=chosen.truth,
        ),
    }


def _config() -> Config:
    return Config.from_env(os.environ)


def _lanes_file(chosen: argparse.Namespace) -> Path:
    return chosen.lanes or Path(os.environ["LANE_GATEWAY_LANES"])
