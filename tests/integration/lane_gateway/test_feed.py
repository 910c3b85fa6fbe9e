import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.domain.feed import FeedHead, HeadTurnedBack, NewestHead
from services.lane_gateway.messages.feed_follower import FeedFollower
from services.lane_gateway.messages.generations import Generations
from services.lane_gateway.persistence.card_file import (
    CardFileReader,
    CardFileWriter,
    create_card_file,
)
from services.lane_gateway.persistence.carrier import Carrier, SiteState
from services.lane_gateway.persistence.carrier_tables import metadata
from services.lane_gateway.persistence.people_file import PeopleFile
from services.lane_gateway.persistence.people_file import metadata as people
from services.lane_gateway.persistence.site_files import SiteFiles
from shared.clock import utc_now
from shared.crypto.feed import (
    BEGINNING,
    FeedMark,
    entry_bytes,
    file_sha256,
    follow,
    link,
    make_head,
    sign_snapshot,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.crypto.tampering import NotVerified
from shared.errors import NotFound
from shared.messaging.embedded import EmbeddedBroker, install
from shared.messaging.topology import topology
from shared.persistence.engines import sqlite_engine

PATIENCE = 10.0
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Feed:
    """A feed as headquarters makes it."""

    def __init__(self, ring: FolderKeyRing) -> None:
        self._ring = ring
        self.mark: FeedMark = BEGINNING
        self.entries: list[dict[str, object]] = []

    def add(self, epc: bytes, *, status: str = "active", kind: str = "activated") -> UUID:
        credential = uuid4()
        self.change(credential, epc, status=status, kind=kind)
        return credential

    def change(self, credential: UUID, epc: bytes, *, status: str, kind: str) -> None:
        fields = {
            "kind": kind,
            "credential_id": str(credential),
            "epc": epc.hex(),
            "tid_digest": bytes(32).hex(),
            "status": status,
            "programs": ["sentri"],
            "age_band": "adult",
            "valid_until": "2031-05-04",
            "grace_until": None,
            "list_age_limit_s": None,
            "plates": [bytes(16).hex(), b"\x01".hex() * 16],
            "at": NOON.isoformat(),
        }
        self._append(link(self.mark, fields))

    def erase(self, credential: UUID) -> None:
        fields = {"kind": "erased", "credential_id": str(credential), "at": NOON.isoformat()}
        self._append(link(self.mark, fields))

    def head(self) -> None:
        self._append(make_head(self._ring, self.mark, now=NOON))

    def after(self, number: int) -> list[Mapping[str, Any]]:
        return list(self.entries[number:])

    def _append(self, entry: dict[str, object]) -> None:
        self.mark = follow(self.mark, entry)
        self.entries.append(entry)


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


class Notes:
    """What the follower told."""

    def __init__(self) -> None:
        self.heads: list[FeedHead] = []
        self.applied: list[int] = []


def follower(
    feed: Feed, cards: CardFileWriter, ring: FolderKeyRing, notes: Notes, broker: EmbeddedBroker
) -> FeedFollower:
    return FeedFollower(
        broker=broker,
        cards=cards,
        keys=lambda: public_keys(ring, "feed-signing"),
        entries_after=feed.after,
        on_head=notes.heads.append,
        on_applied=notes.applied.append,
    )


@pytest.fixture
def silent() -> Iterator[EmbeddedBroker]:
    made = EmbeddedBroker("postgresql://nowhere")
    yield made
    made.close()


def test_a_site_catches_up_and_sees_every_card(
    feed: Feed,
    cards: CardFileWriter,
    reader: CardFileReader,
    ring: FolderKeyRing,
    silent: EmbeddedBroker,
) -> None:
    credentials = [feed.add(bytes([n]) * 12) for n in range(5)]
    feed.change(credentials[2], bytes([2]) * 12, status="held", kind="held")
    feed.erase(credentials[4])
    feed.head()
    notes = Notes()

    assert follower(feed, cards, ring, notes, silent).catch_up() == 8

    held = reader.find(bytes([2]) * 12)
    assert held is not None
    assert (held.status, held.valid_until) == (CardStatus.HELD, date(2031, 5, 4))
    assert held.plates == (bytes(16), b"\x01" * 16)
    assert reader.find(bytes([4]) * 12) is None
    assert reader.count() == 4
    assert [head.position for head in notes.heads] == [8]
    assert cards.mark()[0] == 8


def test_a_changed_entry_is_refused_whole(
    feed: Feed, cards: CardFileWriter, ring: FolderKeyRing, silent: EmbeddedBroker
) -> None:
    feed.add(bytes(12))
    feed.add(b"\x01" * 12)
    feed.head()
    forged = [dict(entry) for entry in feed.entries]
    forged[0]["status"] = "revoked"
    notes = Notes()
    with pytest.raises(Exception, match="follow"):
        follower(feed, cards, ring, notes, silent).apply(forged)
    assert cards.mark()[0] == 0
    assert notes.heads == []


def test_a_head_of_a_stranger_is_refused(
    feed: Feed,
    cards: CardFileWriter,
    silent: EmbeddedBroker,
    tmp_path: Path,
) -> None:
    feed.head()
    stranger = FolderKeyRing(tmp_path / "stranger")
    stranger.activate("feed-signing", stranger.new("feed-signing").kid)
    with pytest.raises(NotVerified):
        follower(feed, cards, stranger, Notes(), silent).apply(feed.entries)
    assert cards.mark()[0] == 0


def test_the_log_brings_changes_and_a_gap_is_filled_over_http(
    feed: Feed,
    cards: CardFileWriter,
    reader: CardFileReader,
    ring: FolderKeyRing,
    broker: EmbeddedBroker,
) -> None:
    notes, stop = Notes(), threading.Event()
    thread = threading.Thread(target=follower(feed, cards, ring, notes, broker).run, args=(stop,))
    thread.start()
    log = broker.log_writer()
    for number in range(6):
        feed.add(bytes([number]) * 12)
        if number != 3:  # this entry never reaches the log
            log.append(number + 1, entry_bytes(feed.entries[number]))
    until(lambda: reader.count() == 6)
    stop.set()
    thread.join(PATIENCE)
    log.close()
    assert cards.mark()[0] == 6


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


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


def head(position: int) -> NewestHead:
    return NewestHead(position=position, at=NOON, arrived_at=NOON, monotonic=17.5, boot_id="boot")


def test_the_newest_head_is_kept_and_a_lower_one_refused(
    files: SiteFiles, ring: FolderKeyRing
) -> None:
    engine = sqlite_engine(files.carrier)
    metadata.create_all(engine)
    carrier = Carrier(engine, ring, utc_now)
    for position in (3, 9):
        with carrier() as work:
            work.note_head(head(position))
            work.commit()
    with pytest.raises(HeadTurnedBack), carrier() as work:
        work.note_head(head(4))
    state = SiteState(files.carrier)
    assert state.newest_head() == head(9)
    with carrier() as work:
        work.name_generation(5)
        work.commit()
    assert (state.generation(), state.newest_head()) == (5, head(9))
    state.close()
    engine.dispose()


def test_of_display_records_the_newest_wins_and_a_dropped_one_stays_dropped(
    files: SiteFiles,
) -> None:
    engine = sqlite_engine(files.people)
    people.create_all(engine)
    file, card = PeopleFile(engine, utc_now), uuid4()
    file.keep(card, 2, "two")
    file.keep(card, 1, "one")
    found = file.find(card)
    assert found is not None
    assert found.sealed == "two"
    file.drop(card, 3)
    file.keep(card, 2, "two")
    assert file.find(card) is None
    assert file.erase([card]) == 1
    engine.dispose()
