"""A feed as headquarters makes it, and who follows it."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.lane_gateway.domain.feed import FeedHead
from services.lane_gateway.messages.feed_follower import FeedFollower
from services.lane_gateway.persistence.card_file import (
    CardFileWriter,
)
from shared.crypto.feed import (
    BEGINNING,
    FeedMark,
    follow,
    link,
    make_head,
)
from shared.crypto.keyring import FolderKeyRing
from shared.crypto.signing import public_keys
from shared.messaging.embedded import EmbeddedBroker

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


class Notes:
    """What the follower told."""

    def __init__(self) -> None:
        self.heads = list[FeedHead]()
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


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
