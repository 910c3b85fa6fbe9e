"""Servers for the tests: real ones, private, started once a session when a test first asks.

A missing component fails with what to do about it; nothing is skipped.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from deploy.local.crawl import browser
from deploy.local.folders import FolderLock, InUse
from deploy.local.oidc import OidcProviders
from deploy.local.paths import RUN
from deploy.local.postgres import PostgresServer
from deploy.local.rabbitmq import RabbitServer
from tests.databases import Databases, Prepare

settings.register_profile("trustlane", deadline=None)  # a loaded machine is no fault of ours
settings.load_profile("trustlane")

DatabaseUrl = Callable[..., str]
"""``database_url(name, prepare=None)``: the address of a fresh database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long forms of the tests")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Tell whether the long forms are wanted."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Where this session's servers keep their data; what killed sessions left is removed."""
    tests = RUN / "tests"
    tests.mkdir(parents=True, exist_ok=True)
    for stale in tests.iterdir():
        _remove_if_unused(stale)
    folder = Path(mkdtemp(dir=tests, prefix="s"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where we are root
    lock = FolderLock(folder, "session")
    lock.take()
    yield folder
    lock.let_go()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_if_unused(folder: Path) -> None:
    lock = FolderLock(folder, "session")
    try:
        lock.take()
    except InUse:
        return
    shutil.rmtree(folder, ignore_errors=True)
    lock.let_go()


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[PostgresServer]:
    """The session's PostgreSQL; a test that stops or kills one takes ``private_postgres``."""
    server = PostgresServer(server_folder / "postgres")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def databases(postgres: PostgresServer) -> Databases:
    """Makes databases on the session's server."""
    return Databases(postgres)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[DatabaseUrl]:
    """Make databases for one test: ``database_url("vetting", prepare=migrate)``."""
    yield from _database_urls(databases)


@pytest.fixture(scope="module")
def module_database_url(databases: Databases) -> Iterator[DatabaseUrl]:
    """Make databases that the tests of one module share."""
    yield from _database_urls(databases)


def _database_urls(databases: Databases) -> Iterator[DatabaseUrl]:
    made: list[str] = []

    def fresh(name: str, prepare: Prepare | None = None) -> str:
        made.append(databases.fresh(name, prepare))
        return made[-1]

    yield fresh
    for url in made:
        databases.drop(url)


@pytest.fixture(scope="session")
def rabbitmq(server_folder: Path) -> Iterator[RabbitServer]:
    """The session's RabbitMQ; a test that stops or kills one takes ``private_rabbitmq``."""
    server = RabbitServer(server_folder / "rabbitmq")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def oidc(server_folder: Path) -> Iterator[OidcProviders]:
    """Both OpenID providers with the test people of ``deploy/local/people.py``."""
    providers = OidcProviders(server_folder / "oidc")
    providers.start()
    yield providers
    providers.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser, one for the session: the driver does not start twice in a thread."""
    with browser() as opened:
        yield opened


@pytest.fixture
def private_postgres(server_folder: Path) -> Iterator[PostgresServer]:
    """A running PostgreSQL of this test's own."""
    server = PostgresServer(Path(mkdtemp(dir=server_folder, prefix="p")))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def private_rabbitmq(server_folder: Path) -> Iterator[RabbitServer]:
    """A running RabbitMQ of this module's own."""
    server = RabbitServer(Path(mkdtemp(dir=server_folder, prefix="r")))
    server.start()
    yield server
    server.stop()
