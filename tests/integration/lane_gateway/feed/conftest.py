from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.lane_gateway.persistence.card_file import (
    CardFileReader,
    CardFileWriter,
    create_card_file,
)
from services.lane_gateway.persistence.site_files import SiteFiles
from shared.crypto.keyring import FolderKeyRing
from shared.messaging.embedded import EmbeddedBroker, install
from shared.messaging.topology import topology
from tests.integration.lane_gateway.feed.feeds import Feed


@pytest.fixture
def ring(tmp_path: Path) -> FolderKeyRing:
    keys = FolderKeyRing(tmp_path / "keys")
    for name in ("kek", "feed-signing", "site", "client"):
        keys.activate(name, keys.new(name).kid)
    return keys


@pytest.fixture
def feed(ring: FolderKeyRing) -> Feed:
    return Feed(ring)


@pytest.fixture
def files(tmp_path: Path) -> SiteFiles:
    folder = tmp_path / "site"
    folder.mkdir()
    return SiteFiles(folder=folder)


@pytest.fixture
def cards(files: SiteFiles) -> Iterator[CardFileWriter]:
    create_card_file(files.cards(1))
    writer = CardFileWriter(files.cards(1))
    yield writer
    writer.close()


@pytest.fixture
def reader(files: SiteFiles, cards: CardFileWriter) -> Iterator[CardFileReader]:
    del cards
    opened = CardFileReader(files.cards(1))
    yield opened
    opened.close()


@pytest.fixture
def broker(database_url: Callable[[str], str]) -> Iterator[EmbeddedBroker]:
    url = database_url("broker")
    install(url, topology(["sym"]))
    made = EmbeddedBroker(url)
    yield made
    made.close()


@pytest.fixture
def silent() -> Iterator[EmbeddedBroker]:
    made = EmbeddedBroker("postgresql://nowhere")
    yield made
    made.close()
