from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.lane_gateway.messages.generations import Generations
from services.lane_gateway.persistence.card_file import (
    CardFileReader,
    CardFileWriter,
    create_card_file,
)
from services.lane_gateway.persistence.site_files import SiteFiles
from shared.crypto.feed import (
    file_sha256,
    sign_snapshot,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.crypto.tampering import NotVerified
from shared.errors import NotFound
from shared.messaging.embedded import EmbeddedBroker
from tests.integration.lane_gateway.feed.feeds import Feed, Notes, follower

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Depot:
    """Headquarters' snapshots, from a folder."""

    def __init__(self, path: Path | None, statement: Mapping[str, Any] | None) -> None:
        self._path, self._statement = path, statement

    def snapshot_statement(self) -> Mapping[str, Any]:
        if self._statement is None:
            raise NotFound("No snapshot yet")
        return self._statement

    def fetch_snapshot(self, sha256: str, target: Path, *, bytes_per_second: int) -> None:
        del sha256, bytes_per_second
        assert self._path is not None
        target.write_bytes(self._path.read_bytes())


def generations(
    depot: Depot, files: SiteFiles, ring: FolderKeyRing, named: list[int]
) -> Generations:
    return Generations(
        source=depot,
        path_of=files.cards,
        create_empty=create_card_file,
        name=named.append,
        keys=lambda: public_keys(ring, "feed-signing"),
    )


def snapshot(feed: Feed, ring: FolderKeyRing, path: Path) -> Depot:
    create_card_file(path)
    writer = CardFileWriter(path)
    notes = Notes()
    broker = EmbeddedBroker("postgresql://nowhere")
    follower(feed, writer, ring, notes, broker).catch_up()
    writer.close()
    statement = sign_snapshot(ring, feed.mark, sha256=file_sha256(path), now=NOON)
    return Depot(path, statement)


def test_a_snapshot_becomes_a_new_generation(
    feed: Feed, files: SiteFiles, ring: FolderKeyRing, tmp_path: Path
) -> None:
    feed.add(b"\x09" * 12)
    depot = snapshot(feed, ring, tmp_path / "snapshot.db")
    named: list[int] = []
    path = generations(depot, files, ring, named).begin(2)
    opened = CardFileReader(path)
    assert (opened.count(), opened.mark()[0], named) == (1, 1, [2])
    opened.close()


def test_a_snapshot_that_was_changed_is_refused_and_never_named(
    feed: Feed, files: SiteFiles, ring: FolderKeyRing, tmp_path: Path
) -> None:
    feed.add(b"\x09" * 12)
    depot = snapshot(feed, ring, tmp_path / "snapshot.db")
    data = bytearray((tmp_path / "snapshot.db").read_bytes())
    data[-1] ^= 1
    (tmp_path / "snapshot.db").write_bytes(bytes(data))
    named: list[int] = []
    with pytest.raises(NotVerified):
        generations(depot, files, ring, named).begin(2)
    assert named == []
    assert not files.cards(2).exists()


def test_without_a_snapshot_the_list_begins_empty(files: SiteFiles, ring: FolderKeyRing) -> None:
    named: list[int] = []
    path = generations(Depot(None, None), files, ring, named).begin(1)
    opened = CardFileReader(path)
    assert (opened.count(), opened.mark()[0]) == (0, 0)
    opened.close()
