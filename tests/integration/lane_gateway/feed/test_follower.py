import threading
from datetime import date
from pathlib import Path

import pytest

from services.lane_gateway.domain.credentials import CardStatus
from services.lane_gateway.persistence.card_file import (
    CardFileReader,
    CardFileWriter,
)
from shared.crypto.feed import (
    entry_bytes,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.tampering import NotVerified
from shared.messaging.embedded import EmbeddedBroker
from tests.integration.lane_gateway.feed.feeds import Feed, Notes, follower, until

PATIENCE = 10.0


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

    held = reader.look_up([bytes([2]) * 12])[1].get(bytes([2]) * 12)
    assert held is not None
    assert (held.status, held.valid_until) == (CardStatus.HELD, date(2031, 5, 4))
    assert held.plates == (bytes(16), b"\x01" * 16)
    assert reader.look_up([bytes([4]) * 12]) == (8, {})
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
