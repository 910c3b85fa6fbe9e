"""The numbered feed: without a gap under many writers, in the log, in a snapshot."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.enrollment.bootstrap import Parts
from services.enrollment.messages.feed_relay import FeedRelay, append_some
from services.enrollment.persistence import tables
from services.enrollment.persistence.feed_log import SqlFeedLog
from shared.crypto.feed import (
    BEGINNING,
    FeedMark,
    file_sha256,
    follow,
    verify_head,
    verify_snapshot,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.messaging.broker import LogEntry
from shared.messaging.embedded import EmbeddedBroker, install
from shared.messaging.topology import topology
from tests.conftest import DatabaseUrl
from tests.integration.enrollment.conftest import MovableClock, Office


def chain(parts: Parts) -> FeedMark:
    mark = BEGINNING
    for entry in parts.queries().feed(after=0, limit=1000).entries:
        mark = follow(mark, entry)
    return mark


def test_many_writers_leave_no_gap_in_the_numbers(office: Office, parts: Parts) -> None:
    members = [office.member() for _ in range(4)]
    for member in members:
        office.active(member)
    vetting = office.use_cases.follow_vetting

    def toggle(place: int) -> None:
        member = members[place % len(members)]
        hold = uuid4()
        vetting.place_hold(hold, [member.id])
        vetting.lift_hold(hold, member.person_id)

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(toggle, range(4)))
        office.use_cases.sign_head()

    assert chain(parts).number == 8 + 8 + 1
    with parts.engine.connect() as connection:
        positions = list(connection.scalars(select(tables.feed.c.position).order_by("position")))
    assert positions == list(range(1, 18))


def test_a_change_that_is_rolled_back_uses_no_number(office: Office, parts: Parts) -> None:
    member = office.member()
    card = office.active(member)
    before = chain(parts).number
    with parts.transactions()() as work:
        work.cards.get(card.id).end()

    assert chain(parts).number == before


@pytest.mark.statement(44)
def test_a_head_is_due_every_twenty_seconds(
    office: Office, parts: Parts, clock: MovableClock, ring: FolderKeyRing
) -> None:
    assert office.use_cases.sign_head()
    clock.forward(seconds=19)
    assert not office.use_cases.sign_head()
    clock.forward(seconds=2)
    assert office.use_cases.sign_head()

    newest = parts.queries().feed(after=0, limit=1).head
    assert newest is not None
    head = verify_head(public_keys(ring, "feed-signing"), newest)
    assert (head.position, head.before.number) == (2, 1)


@pytest.fixture
def broker(database_url: DatabaseUrl) -> EmbeddedBroker:
    url = database_url("broker")
    install(url, topology(["sym"]))
    return EmbeddedBroker(url)


def read(broker: EmbeddedBroker, count: int) -> list[LogEntry]:
    reader = broker.log_reader(0)
    found = [reader.read(10) for _ in range(count)]
    reader.close()
    assert None not in found
    return [entry for entry in found if entry is not None]


def test_the_log_gets_every_entry_once_and_in_order(
    office: Office, parts: Parts, broker: EmbeddedBroker
) -> None:
    stop = Event()
    relay = FeedRelay(broker=broker, open_log=lambda: SqlFeedLog(parts.engine))
    thread = Thread(target=relay, args=(stop,))
    thread.start()
    office.active(office.member())
    office.use_cases.sign_head()

    found = read(broker, 3)

    stop.set()
    thread.join(10)
    broker.close()
    assert [entry.number for entry in found] == [1, 2, 3]
    mark = BEGINNING
    for entry in found:
        mark = follow(mark, json.loads(entry.data))
    assert mark == chain(parts)


def test_a_relay_that_dies_before_its_note_repeats_without_harm(
    office: Office, parts: Parts, broker: EmbeddedBroker
) -> None:
    office.active(office.member())
    writer, source = broker.log_writer(), SqlFeedLog(parts.engine)
    for entry in source.pending(10):
        writer.append(entry.number, entry.data)

    again = append_some(source, writer)
    rest = append_some(source, writer)

    found = read(broker, 2)
    source.close()
    broker.close()
    assert (again, rest) == (2, 0)
    assert [entry.number for entry in found] == [1, 2]


def test_one_worker_appends_and_others_stand_by(parts: Parts) -> None:
    first, second = SqlFeedLog(parts.engine), SqlFeedLog(parts.engine)

    assert (first.lead(), second.lead(), first.lead()) == (True, False, True)
    first.close()
    end = time.monotonic() + 10  # the server notices an ended session in its own time
    while not second.lead():
        assert time.monotonic() < end, "nobody took over"
        time.sleep(0.02)
    second.close()


def test_a_snapshot_is_what_the_feed_says(
    office: Office, parts: Parts, ring: FolderKeyRing, tmp_path: Path
) -> None:
    first, second = office.active(office.member()), office.active(office.member())
    gone = office.member()
    office.active(gone)
    office.use_cases.erase_person(gone.person_id)

    written = parts.write_snapshot()()

    keys = public_keys(ring, "feed-signing")
    proved = verify_snapshot(keys, written.statement, sha256=file_sha256(written.path))
    assert proved.mark == chain(parts)
    file = sqlite3.connect(written.path)
    found = file.execute(
        "SELECT epc, credential_id, status, programs, plates FROM cards"
    ).fetchall()
    meta = file.execute("SELECT number, hash FROM meta").fetchone()
    mode = file.execute("PRAGMA journal_mode").fetchone()
    file.close()
    assert sorted(row[0] for row in found) == sorted([first.epc, second.epc])
    assert {row[1] for row in found} == {str(first.id), str(second.id)}
    assert {(row[2], row[3], len(row[4])) for row in found} == {("active", "sentri", 16)}
    assert meta == (proved.mark.number, proved.mark.hash)
    assert mode == ("delete",)
    assert parts.snapshots.named(proved.sha256) == written
    assert not list(tmp_path.rglob("*.part"))


def test_a_snapshot_is_written_when_the_newest_is_far_behind(office: Office, parts: Parts) -> None:
    write = parts.write_snapshot()

    assert write.if_stale(entries=3) is not None
    office.active(office.member())
    assert write.if_stale(entries=3) is None
    office.use_cases.sign_head()
    assert write.if_stale(entries=3) is not None
    for _ in range(4):
        office.active(office.member())
        write()
    assert len(list(parts.snapshots.folder.glob("*.db"))) == 3
