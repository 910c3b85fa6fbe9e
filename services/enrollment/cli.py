"""The command line: the verbs that every service has, and those for sites and the feed."""

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Event
from uuid import UUID

from flask import Flask

from services.enrollment import bootstrap
from services.enrollment.bootstrap import Parts
from services.enrollment.config import Config
from services.enrollment.domain.site import Site
from services.enrollment.persistence.tables import audit, mailboxes
from services.enrollment.web.app import create_app, described_app
from shared.errors import InvalidInput
from shared.persistence.engines import postgres_engine
from shared.persistence.migrate import migrate
from shared.process.assembly import broker_check
from shared.process.cli import AddParser, Command, ServiceCommands, run
from shared.process.verbs import audit_verb, keys_verb
from shared.process.worker import run_worker
from shared.web.health import admin_server
from shared.web.logs import configure_logging
from shared.web.openapi import openapi
from shared.web.serving import serve

MIGRATIONS = Path(__file__).parent / "migrations"


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    read = cache(lambda: Config.from_env(os.environ))
    commands = ServiceCommands(
        service="enrollment",
        web=lambda: _web(read()),
        worker=lambda: _worker(read()),
        migrate=lambda: _migrate(read()),
        openapi=_openapi,
        dead_letters=lambda: bootstrap.parts(read()).stores().dead_letters(),
        keys=lambda chosen: _keys(read(), chosen),
        audit_verify=lambda witness: _audit(read(), witness),
        erase=lambda person: _erase(read(), person),
        more=lambda add: _more(read, add),
    )
    return run(commands, arguments)


def _web(config: Config) -> int:
    configure_logging("enrollment")
    stop = Event()
    checked = bootstrap.parts(config)

    def load() -> Flask:
        made = bootstrap.parts(config)
        return create_app(bootstrap.doors(made), bootstrap.settings(made, config, stop))

    checks = {
        "database": checked.stores().check_database,
        "broker": broker_check(bootstrap.broker(config)),
    }
    serve(load, port=config.port, admin_port=config.admin_port, checks=checks, stop=stop)
    return 0


def _worker(config: Config) -> int:
    configure_logging("enrollment")
    made, broker = bootstrap.parts(config), bootstrap.broker(config)
    checks = {"database": made.stores().check_database, "broker": broker_check(broker)}
    with admin_server(config.worker_admin_port, checks):
        return run_worker("enrollment", bootstrap.loops(made, config, broker))


def _migrate(config: Config) -> int:
    engine = postgres_engine(config.database_url)
    migrate(engine, MIGRATIONS)
    engine.dispose()
    return 0


def _openapi() -> Mapping[str, object]:
    """Return the document; it needs no settings, since nothing that it describes is called."""
    return openapi(described_app())


def _keys(config: Config, chosen: argparse.Namespace) -> int:
    engine = postgres_engine(config.database_url)
    ring = bootstrap.key_ring(config)
    status = keys_verb(ring, chosen, engine=engine, data_keys=mailboxes.data_keys)
    engine.dispose()
    return status


def _audit(config: Config, witness: str | None) -> int:
    engine = postgres_engine(config.database_url)
    chains = [(bootstrap.SOURCE, engine, audit)]
    status = audit_verb(chains, witness, ring=bootstrap.key_ring(config))
    engine.dispose()
    return status


def _erase(config: Config, person: UUID) -> int:
    ended = bootstrap.parts(config).use_cases().erase_person(person)
    print(f"erased; {ended} applications and memberships ended")  # noqa: T201 - a command line talks
    return 0


def _more(read: Callable[[], Config], add: AddParser) -> Mapping[str, Command]:
    site = add("site", help="add a site with its public keys, or list all").add_subparsers(
        dest="what", required=True
    )
    site.add_parser("list", help="all sites")
    adding = site.add_parser("add", help="add a site, or give it new keys")
    adding.add_argument("id")
    adding.add_argument("--name", required=True)
    adding.add_argument("--zone", required=True, help="such as America/Los_Angeles")
    adding.add_argument(
        "--key", required=True, type=Path, help="JWK Set that records are sealed to"
    )
    adding.add_argument(
        "--client-key", required=True, type=Path, help="JWK Set that the site's calls are proved by"
    )
    adding.add_argument(
        "--place", type=float, nargs=2, metavar=("NORTH", "EAST"), help="degrees, as 32.54 -117.03"
    )
    feed = add("feed", help="write a snapshot, or sign and show the head").add_subparsers(
        dest="what", required=True
    )
    feed.add_parser("snapshot", help="write and sign a snapshot file now")
    feed.add_parser("head", help="sign a head if one is due, and show the newest")
    return {
        "site": lambda chosen: _site(bootstrap.parts(read()), chosen),
        "feed": lambda chosen: _feed(bootstrap.parts(read()), chosen),
    }


def _site(made: Parts, chosen: argparse.Namespace) -> int:
    if chosen.what == "add":
        north, east = chosen.place or (None, None)
        site = Site(
            id=chosen.id,
            name=chosen.name,
            zone=chosen.zone,
            sealing_key=json.dumps(_jwks(chosen.key)["keys"][0]),
            client_key=json.dumps(_jwks(chosen.client_key)),
            latitude=north,
            longitude=east,
        )
        made.use_cases().add_site(site)
        return 0
    for line in made.queries().feed_state().sites:
        print(line.id, line.name, line.zone, line.number or "-", sep="\t")  # noqa: T201 - as above
    return 0


def _feed(made: Parts, chosen: argparse.Namespace) -> int:
    if chosen.what == "snapshot":
        written = made.write_snapshot()()
        print(written.path, json.dumps(written.statement))  # noqa: T201 - a command line talks
        return 0
    made.use_cases().sign_head()
    print(json.dumps(made.queries().feed(after=0, limit=1).head))  # noqa: T201 - as above
    return 0


def _jwks(path: Path) -> dict[str, list[object]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not isinstance(found["keys"], list) or not found["keys"]:
            raise ValueError("no keys")  # noqa: TRY301 - one answer for all that is wrong with it
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInput({"key": ["unreadable"]}, f"{path} is no JWK Set") from error
    return found
