"""The site's command line: web, worker, agent, simulator and the common verbs.

Each verb loads its own part alone: a lane's agent shall not carry a web server in its memory, nor
wait for one to be imported before it can close a gate.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from services.lane_gateway.config import Config
from shared.process.cli import AddParser, Command, ServiceCommands, run
from shared.web.logs import configure_logging


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    configure_logging("lane_gateway")
    return run(
        ServiceCommands(
            service="lane_gateway",
            web=lambda: _part("web").run(_config()),
            worker=lambda: _part("worker").run(_config()),
            migrate=lambda: _part("site").migrate_site(_config()),
            openapi=lambda: _part("web").openapi(),
            dead_letters=lambda: _part("worker").dead_letters(_config()),
            keys=lambda chosen: _part("command_line").keys(_config(), chosen),
            audit_verify=lambda place: _part("command_line").audit_verify(_config(), place),
            erase=lambda person: _part("command_line").erase(_config(), person),
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
    parser = add("selection", help="prove the draws by chance of the days that are over")
    parser.add_argument("verb", choices=["verify"])
    parser.add_argument("--lane", help="one lane alone")
    parser.add_argument("--period", help="one day alone, as 2026-12-10")
    return {
        "selection": lambda chosen: int(_part("selection").verify(_config(), chosen)),
        "agent": lambda chosen: int(_part("agent").run(_config(), chosen.lane)),
        "simulator": _simulate,
    }


def _simulate(chosen: argparse.Namespace) -> int:
    lanes = chosen.lanes or Path(os.environ["LANE_GATEWAY_LANES"])
    status: int = _part("simulator").run(
        lanes, control=chosen.control, scenario=chosen.scenario, truth=chosen.truth
    )
    return status


def _part(name: str) -> Any:
    return import_module(f"services.lane_gateway.bootstrap.{name}")


def _config() -> Config:
    return Config.from_env(os.environ)
