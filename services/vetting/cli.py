"""Vetting's command line: the common verbs, watchlists, screening, re-screening."""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import UUID

from services.vetting import bootstrap
from services.vetting.bootstrap import Parts
from services.vetting.config import Config
from services.vetting.domain.watchlist.ofac_sdn import FILES
from services.vetting.domain.watchlist.unreadable import ListUnreadable
from services.vetting.domain.watchlist.watchlist import Format
from services.vetting.messages.screening_file import read_line, write_line
from services.vetting.persistence.tables import audit, mailboxes
from services.vetting.use_cases.officers import Staff
from services.vetting.use_cases.ports import Rescreen
from shared.messaging.dead_letters import DeadLetters
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
OPERATOR = "cli"


def main(arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> int:
    """Do what ``arguments`` ask and return the exit status."""
    return run(_Commands(env).table(), arguments)


class _Commands:
    """The verbs; settings are read when a verb needs them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def table(self) -> ServiceCommands:
        return ServiceCommands(
            service="vetting",
            web=self.web,
            worker=self.worker,
            migrate=self.migrate,
            openapi=self.openapi,
            dead_letters=self.dead_letters,
            keys=self.keys,
            audit_verify=self.audit_verify,
            erase=self.erase,
            more=self.more,
        )

    def web(self) -> int:
        configure_logging("vetting")
        config, stop = self._config(), Event()
        with self._parts() as made:
            checks = {"database": made.stores().check_database}
            serve(
                lambda: bootstrap.web(bootstrap.parts(config), config, stop),
                port=config.port,
                admin_port=config.admin_port,
                checks=checks,
                stop=stop,
            )
        return 0

    def worker(self) -> int:
        configure_logging("vetting")
        config = self._config()
        broker = bootstrap.broker(config)
        with self._parts() as made:
            checks = {"database": made.stores().check_database, "broker": broker_check(broker)}
            with admin_server(config.worker_admin_port, checks):
                status = run_worker("vetting", bootstrap.loops(made, config, broker))
        broker.close()
        return status

    def migrate(self) -> int:
        engine = postgres_engine(self._config().database_url)
        migrate(engine, MIGRATIONS)
        engine.dispose()
        return 0

    def openapi(self) -> Mapping[str, object]:
        return openapi(bootstrap.documented())

    def dead_letters(self) -> DeadLetters:
        return bootstrap.parts(self._config()).stores().dead_letters()

    def keys(self, chosen: argparse.Namespace) -> int:
        config = self._config()
        engine = postgres_engine(config.database_url)
        ring = bootstrap.key_ring(config)
        status = keys_verb(ring, chosen, engine=engine, data_keys=mailboxes.data_keys)
        engine.dispose()
        return status

    def audit_verify(self, witness: str | None) -> int:
        with self._parts() as made:
            chains = [(bootstrap.SOURCE, made.engine, audit)]
            return audit_verb(chains, witness, ring=bootstrap.key_ring(self._config()))

    def erase(self, person: UUID) -> int:
        with self._parts() as made:
            rows = made.use_cases().erase_person(person)
        _say(f"{rows} rows can no longer be read")
        return 0

    def more(self, add: AddParser) -> Mapping[str, Command]:
        load = add("import-watchlist", help="take a new version of a list, whole or not at all")
        load.add_argument("--format", required=True, choices=[str(form) for form in Format])
        load.add_argument("--name", default="", help="the list's name, by default the format's")
        load.add_argument("path", type=Path, help="a folder for ofac-sdn, a file otherwise")
        screen = add("screen", help="compare people with the lists, one JSON object a line")
        screen.add_argument("--input", required=True, type=Path)
        screen.add_argument("--output", required=True, type=Path)
        again = add("rescreen", help="compare every member and open case with every list")
        again.add_argument("--all", action="store_true", required=True)
        return {
            "import-watchlist": self.import_watchlist,
            "screen": self.screen,
            "rescreen": self.rescreen,
        }

    def import_watchlist(self, chosen: argparse.Namespace) -> int:
        form = Format(chosen.format)
        files = _list_files(form, chosen.path)
        with self._parts() as made:
            loaded = made.use_cases().load_watchlist(
                form, files, staff=Staff(subject=OPERATOR), name=chosen.name
            )
        diff = loaded.diff
        _say(
            f"{loaded.list} version {loaded.version}: {loaded.entries} entries, "
            f"{len(diff.added)} added, {len(diff.changed)} changed, {len(diff.removed)} removed"
        )
        return 0

    def screen(self, chosen: argparse.Namespace) -> int:
        lines = chosen.input.read_text(encoding="utf-8").splitlines()
        people = [read_line(t, number) for number, t in enumerate(lines, 1) if t.strip()]
        with self._parts() as made:
            found = made.screen_subjects()(subject for _, subject in people)
            output = [write_line(i, s) for (i, _), s in zip(people, found, strict=True)]
        chosen.output.write_text("".join(f"{line}\n" for line in output), encoding="utf-8")
        return 0

    def rescreen(self, chosen: argparse.Namespace) -> int:
        del chosen
        with self._parts() as made:
            use_cases = made.use_cases()
            use_cases.start_rescreen()
            bootstrap.until_done(use_cases, say=_say_run)
        return 0

    def _config(self) -> Config:
        return Config.from_env(self._env)

    @contextmanager
    def _parts(self) -> Iterator[Parts]:
        made = bootstrap.parts(self._config())
        try:
            yield made
        finally:
            made.engine.dispose()


def _list_files(form: Format, path: Path) -> Mapping[str, bytes]:
    names = FILES if form is Format.OFAC_SDN else (path.name,)
    folder = path if form is Format.OFAC_SDN else path.parent
    try:
        return {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        raise ListUnreadable("file_is_missing", file=Path(error.filename or path).name) from None


def _say_run(run: Rescreen) -> None:
    _say(f"{run.screened} people screened, {run.hits} new hits, {run.holds} holds placed")


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a command line talks
