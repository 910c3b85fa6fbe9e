"""An installation of its own, since these calls change whatever they can."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import SERVICES
from deploy.local.running import Installation, running_demo
from tests.actors.cast import Doors
from tests.actors.traveler import a_traveler
from tests.e2e.api.callers import Callers
from tests.e2e.api.conversation import Conversation
from tests.e2e.api.documents import read_document
from tests.e2e.api.ground import Ground
from tests.e2e.api.tally import Tally
from tests.e2e.api.walk import BENITO, CHEN, Walk
from tests.main_job import MainJob

USUAL_SEED = 235
RUN = pytest.StashKey[tuple[int, Tally]]()


@pytest.fixture(scope="package")
def seed(request: pytest.FixtureRequest, soak: bool) -> int:  # noqa: FBT001 - a fixture
    """The number that says what is drawn: ``--hypothesis-seed`` gives it, the long form draws it.

    The normal run repeats itself, so that a change fails for what it changed.
    """
    given = request.config.getoption("--hypothesis-seed")
    if given:
        return int(given)
    return random.SystemRandom().randrange(2**32) if soak else USUAL_SEED


@pytest.fixture(scope="package")
def tally(request: pytest.FixtureRequest, seed: int) -> Tally:
    """The calls of this run, shown at its end."""
    counted = Tally()
    request.config.stash[RUN] = seed, counted
    return counted


@pytest.fixture(scope="package")
def own_installation(server_folder: Path) -> Iterator[Installation]:
    """A running, seeded installation that nobody else needs."""
    with running_demo(server_folder / "api") as running:
        yield running


@pytest.fixture(scope="package")
def ground(own_installation: Installation) -> Iterator[Ground]:
    """What there is to ask for."""
    callers = Callers(own_installation.layout)
    yield Ground(callers=callers, applicants=["ana", "benito", "chen"])
    callers.close()


@pytest.fixture(scope="package")
def talk(own_installation: Installation, tally: Tally) -> Conversation:
    """The documents as the services give them, and what was said so far."""
    url = own_installation.layout.url
    documents = {service: read_document(service, url(service)) for service in SERVICES}
    return Conversation(documents=documents, tally=tally)


@pytest.fixture(scope="package")
def walk(own_installation: Installation, talk: Conversation, ground: Ground) -> Iterator[Walk]:
    """The main job up to the hold, and from there by calls, until everything was used once."""
    job = MainJob(Doors.of(own_installation.layout), a_traveler("ana"))
    for step in (job.apply, job.vet, job.meet, job.hand_out_card, job.hold):
        step()
    walk = Walk(talk=talk, ground=ground, job=job)
    walk.send_away()
    walk.run_lane()
    walk.meet(BENITO, walk.approve(BENITO))
    walk.use_card(BENITO)
    walk.deny(CHEN)
    walk.take_back(CHEN)
    walk.draft(CHEN)
    walk.review()
    own_installation.command("enrollment", "feed", "snapshot")
    walk.read_feed()
    walk.hold(BENITO)
    yield walk
    job.close()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was called, and the seed by which it can be called again."""
    if RUN not in config.stash:
        return
    seed, tally = config.stash[RUN]
    terminalreporter.section(f"calls of the JSON interfaces, --hypothesis-seed={seed}")
    for line in tally.table():
        terminalreporter.write_line(line)
