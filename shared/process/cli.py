"""The verbs that every service has: web, worker, migrate, openapi, dead, keys, audit, erase.

Exit status: 0 done, 1 refused or not verified, 2 wrong usage.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from shared.context import acting
from shared.errors import TrustlaneError
from shared.messaging.dead_letters import DeadLetters
from shared.process.worker import only_loops

KEY_VERBS = ("list", "public", "new", "activate", "retire", "rewrap", "breach")

Command = Callable[[argparse.Namespace], int]


class AddParser(Protocol):
    """Adds a verb's parser, as ``argparse`` does."""

    def __call__(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002
        """Return the parser of a new verb."""


@dataclass(frozen=True, kw_only=True)
class ServiceCommands:
    """What a service does for each common verb; ``more`` adds verbs of its own.

    ``more`` gets a function that adds a parser and returns what each verb does.
    """

    service: str
    web: Callable[[], int]
    worker: Callable[[], int]
    migrate: Callable[[], int]
    openapi: Callable[[], Mapping[str, object]]
    dead_letters: Callable[[], DeadLetters]
    keys: Command
    audit_verify: Callable[[str | None], int]
    erase: Callable[[UUID], int]
    more: Callable[[AddParser], Mapping[str, Command]] = field(default=lambda _add: {})


def run(commands: ServiceCommands, arguments: Sequence[str]) -> int:
    """Do what ``arguments`` ask; print errors in words and return the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{commands.service}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    table = _common(commands, verbs.add_parser) | dict(commands.more(verbs.add_parser))
    chosen = parser.parse_args(arguments)
    try:
        with acting(actor=f"cli:{commands.service}"):
            return table[chosen.verb](chosen)
    except TrustlaneError as error:
        print(f"{error.code}: {error}", file=sys.stderr)  # noqa: T201 - a command line talks
        return 1


def _common(commands: ServiceCommands, add: AddParser) -> dict[str, Command]:
    add("web", help="answer HTTP")
    worker = add("worker", help="relay, consume and keep time")
    worker.add_argument("--only", action="append", default=[], help="run this loop; repeatable")
    add("migrate", help="bring the database to the newest tables")
    add("openapi", help="print the OpenAPI document")
    _dead_parser(add("dead", help="look at messages that could not be applied"))
    _keys_parser(add("keys", help="make, activate, retire keys; rewrap data keys; answer a breach"))
    audit = add("audit", help="check the audit chain")
    audit.add_argument("what", choices=["verify"])
    audit.add_argument("--witness", help="address or file with the checkpoints others kept")
    erase = add("erase", help="erase a person's data in every service")
    erase.add_argument("person", type=UUID)
    return {
        "web": lambda _: commands.web(),
        "worker": lambda chosen: _worker(commands, chosen.only),
        "migrate": lambda _: commands.migrate(),
        "openapi": lambda _: _print_json(commands.openapi()),
        "dead": lambda chosen: _dead(commands.dead_letters(), chosen),
        "keys": commands.keys,
        "audit": lambda chosen: commands.audit_verify(chosen.witness),
        "erase": lambda chosen: commands.erase(chosen.person),
    }


def _worker(commands: ServiceCommands, only: Sequence[str]) -> int:
    with only_loops(only):
        return commands.worker()


def _dead_parser(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True)
    verbs.add_parser("list", help="all that wait for a decision")
    for name, text in (("show", "one, with its body"), ("replay", "try it again")):
        verbs.add_parser(name, help=text).add_argument("id", type=UUID)
    drop = verbs.add_parser("drop", help="give it up and let its followers go on")
    drop.add_argument("id", type=UUID)
    drop.add_argument("--reason", required=True)


def _keys_parser(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=KEY_VERBS)
    parser.add_argument("name", nargs="?", help="name of the key, such as kek")
    parser.add_argument("kid", nargs="?", help="which of the keys of that name")


def _dead(letters: DeadLetters, chosen: argparse.Namespace) -> int:
    match chosen.what:
        case "list":
            for letter in letters.all():
                line = (letter.id, letter.at.isoformat(), letter.type, letter.code, letter.error)
                print(*line, sep="\t")  # noqa: T201 - a command line talks
        case "show":
            letter, wire = letters.show(chosen.id)
            _print_json(
                {
                    "id": str(letter.id),
                    "code": letter.code,
                    "error": letter.error,
                    "at": letter.at.isoformat(),
                    "routing_key": wire.routing_key,
                    "headers": dict(wire.headers),
                    "body": wire.body.decode(errors="replace"),
                }
            )
        case "replay":
            letters.replay(chosen.id)
        case "drop":
            letters.drop(chosen.id, chosen.reason)
    return 0


def _print_json(value: Mapping[str, object]) -> int:
    print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201 - a command line talks
    return 0
