"""Personal data lie readable nowhere: not in logs, messages, databases, files, chips or metrics.

A traveler whose every answer is a canary goes all the way from the application to the lane, with
everything that can go wrong around it. Then every place is searched for every form of every value;
afterwards a leak is planted in each place and must be found, so that no search passes on nothing.
"""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deploy.local.layout import SERVICES
from deploy.local.rabbitmq import RabbitServer
from deploy.local.running import running_demo
from tests.leaks import canaries
from tests.leaks.harbour import Harbour, Place
from tests.leaks.life import Life
from tests.leaks.scanner import Scanner, canary_patterns
from tests.leaks.tap import tapping

PLACES = (
    "logs",
    "messages",
    "enrollment dump",
    "vetting dump",
    "database files",
    "broker files",
    "site files",
    "site rows",
    "snapshots",
    "cards",
    "metrics",
    "records",
)
LEAKS = {
    "given name": canaries.GIVEN,
    "street": canaries.STREET.upper(),
    "plate": base64.b64encode(f"plate {canaries.PLATE}".encode()).decode(),
}
"""What is planted: a value as it is, one in capitals, one in Base64."""

WAY_OF_THE_JOB = {
    "enrollment.application_submitted.v1",
    "enrollment.interview_recorded.v1",
    "enrollment.membership_started.v1",
    "enrollment.membership_changed.v1",
    "enrollment.display_record_sent.v1.sym",
    "vetting.case_opened.v1",
    "vetting.case_decided.v1",
    "vetting.hold_placed.v1",
    "vetting.hold_lifted.v1",
    "lane_gateway.sym.passage_recorded.v1",
    "lane_gateway.sym.referral_closed.v1",
    "lane_gateway.sym.inspection_recorded.v1",
    "lane_gateway.sym.feed_applied.v1",
}


class Searched:
    """What was found in each place before anything was planted."""

    def __init__(self, life: Life, places: Mapping[str, Place]) -> None:
        self.life = life
        self.places = places
        self.scanner = Scanner([*canary_patterns(), *life.patterns()])
        self.parts: dict[str, list[tuple[str, int]]] = {}
        self.found = {name: self._search(name) for name in PLACES}

    def leaks(self, name: str) -> set[str]:
        """Search a place now; return the values that are readable there."""
        return {
            finding.what
            for _, data in self.places[name].collect()
            for finding in self.scanner.find(data)
        }

    def labels(self, name: str) -> set[str]:
        """Return what of a place was not empty."""
        return {label for label, length in self.parts[name] if length}

    def _search(self, name: str) -> list[str]:
        parts = list(self.places[name].collect())
        self.parts[name] = [(label, len(data)) for label, data in parts]
        return [
            f"{label} at {finding.at}: {finding.what}, {finding.form}"
            for label, data in parts
            for finding in self.scanner.find(data)
        ]


@pytest.fixture(scope="module")
def searched(server_folder: Path, rabbitmq: RabbitServer) -> Iterator[Searched]:
    """An installation in which the traveler has lived, searched through."""
    broker = rabbitmq.new_vhost("leaks")
    with running_demo(server_folder / "leaks", broker=broker) as installation:
        life = Life(installation=installation)
        with tapping(broker) as tap:
            life.live()
            tap.settle()
            harbour = Harbour(
                installation=installation, rabbitmq=rabbitmq, tap=tap, encoder=life.encoder
            )
            yield Searched(life, harbour.places())


@pytest.mark.parametrize("place", PLACES)
def test_nothing_personal_is_readable(searched: Searched, place: str) -> None:
    assert searched.found[place] == []


def test_every_place_is_searched(searched: Searched) -> None:
    assert set(PLACES) == set(searched.places)
    assert {name for name in PLACES if not searched.labels(name)} == set()


def test_every_process_has_written_its_log(searched: Searched) -> None:
    processes = {f"{service}-{kind}.log" for service in SERVICES for kind in ("web", "worker")}

    assert {"agent-l1.log", "postgres", "rabbitmq", *processes} <= searched.labels("logs")


def test_every_message_of_the_way_was_tapped(searched: Searched) -> None:
    labels = searched.labels("messages")

    assert labels >= WAY_OF_THE_JOB
    assert any(label.startswith("trustlane.feed") for label in labels)


@pytest.mark.parametrize(
    ("place", "part"),
    [
        ("enrollment dump", "public.applications binary"),
        ("enrollment dump", "public.memberships binary"),
        ("enrollment dump", "public.pictures binary"),
        ("enrollment dump", "public.crossings text"),
        ("enrollment dump", "public.outbox text"),
        ("vetting dump", "public.persons binary"),
        ("vetting dump", "public.hits binary"),
        ("vetting dump", "public.holds text"),
        ("vetting dump", "public.outbox text"),
        ("site files", "desk.db"),
        ("site files", "lane-l1.db-wal"),
        ("site rows", "people.db display_records"),
        ("metrics", "vetting web"),
        ("metrics", "lane_gateway worker"),
        ("records", "demo.json"),
    ],
)
def test_what_must_lie_there_was_searched(searched: Searched, place: str, part: str) -> None:
    assert part in searched.labels(place)


def test_what_went_wrong_was_answered(searched: Searched) -> None:
    answers = searched.life.answers

    assert answers["signed out"] == 401
    assert answers["no database"] == 503
    assert answers["interface"] == [422, 422, 412, 422, 422]


def test_the_picture_was_shown_without_what_stood_beside_it(searched: Searched) -> None:
    assert searched.life.photo.startswith(b"\xff\xd8\xff")
    assert searched.scanner.find(searched.life.photo[:1000]) == []


@pytest.mark.parametrize("place", PLACES)
def test_leaks_are_found_wherever_they_are_planted(searched: Searched, place: str) -> None:
    for leak in LEAKS.values():
        searched.places[place].plant(leak)

    assert searched.leaks(place) >= set(LEAKS)
