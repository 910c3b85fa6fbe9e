"""A service's README says what the code says: owns, publishes, listens, states."""

import re
from collections.abc import Mapping
from importlib import import_module

import pytest

from deploy.local.layout import SERVICES
from deploy.local.paths import ROOT
from shared.messaging.dispatcher import Dispatcher
from tests.contract.catalogue import SITE, hearers, said_by

ONE_SCREEN = 90  # lines
MESSAGE = re.compile(r"`(enrollment|vetting|lane_gateway)?\.([a-z_]+\.v[0-9]+)`")
THING = re.compile(r"^[A-Z][a-z ]+ \(`(domain/[a-z_]+\.py)`\)", re.MULTILINE)
MOVES = re.compile(r"^\* ([a-z_, ]+) -> ([a-z_, ]+)$", re.MULTILINE)
ENDS = re.compile(r"^\* ([a-z_, ]+): the end$", re.MULTILINE)

Moves = dict[str, set[str]]


def readme(service: str) -> str:
    return (ROOT / "services" / service / "README.md").read_text()


def table(service: str, head: str) -> set[str]:
    """Return the types that the table with this first heading names; a service may be implied."""
    found, speaker = set(), service
    _, _, below = readme(service).partition(f"\n| {head} |")
    for line in below.partition("\n\n")[0].splitlines():
        for named, event in MESSAGE.findall(line.partition("|")[2].partition("|")[0]):
            speaker = named or speaker
            found.add(f"{speaker}.{event}")
    return found


def states(service: str) -> Mapping[str, Moves]:
    """Return, by the module that each thing's heading names, the moves listed below it."""
    _, _, below = readme(service).partition("\n## States\n")
    section = below.partition("\n## ")[0]
    headings = list(THING.finditer(section))
    ends = [heading.start() for heading in headings[1:]] + [len(section)]
    return {
        heading[1]: _moves(section[heading.end() : end])
        for heading, end in zip(headings, ends, strict=True)
    }


def in_code(service: str, module: str) -> Moves:
    """Return the transition table of a module of the domain."""
    name = module.removesuffix(".py").replace("/", ".")
    allowed: Mapping[str, frozenset[str]] = import_module(f"services.{service}.{name}").ALLOWED
    return {str(state): {str(each) for each in following} for state, following in allowed.items()}


def tables_in_code(service: str) -> set[str]:
    domain = ROOT / "services" / service / "domain"
    pattern = re.compile(r"^ALLOWED: ", re.MULTILINE)
    return {f"domain/{p.name}" for p in domain.glob("*.py") if pattern.search(p.read_text())}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Dispatcher]:
    return hearers(tmp_path_factory.mktemp("nowhere"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_state_machine_is_shown_as_it_is(service: str) -> None:
    shown = states(service)

    assert set(shown) == tables_in_code(service)
    for module, moves in shown.items():
        assert moves == in_code(service, module), module


@pytest.mark.parametrize("service", SERVICES)
def test_what_it_publishes_is_named_and_nothing_else(service: str) -> None:
    assert table(service, "publishes") == said_by(service)


@pytest.mark.parametrize("service", SERVICES)
def test_what_it_listens_to_is_named(service: str, heard: Mapping[str, Dispatcher]) -> None:
    dispatcher = heard[SITE if service == "lane_gateway" else service]
    named = table(service, "listens")

    assert named >= set(dispatcher.handlers)
    assert named <= {*dispatcher.handlers, *dispatcher.ignored}


@pytest.mark.parametrize("service", SERVICES)
def test_it_says_what_it_owns_on_one_screen(service: str) -> None:
    text = readme(service)

    assert "**Owns** " in text
    assert text.count("\n") <= ONE_SCREEN


def _moves(text: str) -> Moves:
    found: Moves = {}
    for states_before, following in MOVES.findall(text):
        for state in states_before.split(", "):
            found[state] = set(following.split(", "))
    for ending in ENDS.findall(text):
        found.update({state: set() for state in ending.split(", ")})
    return found
