"""What pages and interfaces read without changing anything: plain lines, not aggregates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from services.enrollment.domain.site import Spread
from shared.retention import RetentionRun

Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FreeSlot:
    """A time at which an interview can be booked; ``slot_id`` is one of the free desks."""

    slot_id: UUID
    starts_at: datetime
    minutes: int
    desks: int


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One appointment of a center's day."""

    appointment_id: UUID
    application_id: UUID
    person_id: UUID
    starts_at: datetime
    desk: int
    status: str


@dataclass(frozen=True, kw_only=True)
class CardToIssue:
    """A member without a card in use."""

    membership_id: UUID
    person_id: UUID
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """Some entries of the feed, in order, the newest position there is, and the newest head."""

    entries: Sequence[Entry]
    last: int
    head: Entry | None


@dataclass(frozen=True, kw_only=True)
class NewestChange:
    """The newest change of a credential, and how far it has come."""

    kind: str
    at: datetime
    spread: Spread


@dataclass(frozen=True, kw_only=True)
class SiteLine:
    """A site and the newest number that it reported."""

    id: str
    name: str
    zone: str
    number: int | None
    applied_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """Where the feed stands."""

    number: int
    head_at: datetime | None
    newest: NewestChange | None
    sites: Sequence[SiteLine]


@dataclass(frozen=True, kw_only=True)
class AlarmLine:
    """An alarm of a site that nobody has acknowledged."""

    id: UUID
    site: str
    lane: str
    code: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SnapshotFile:
    """A finished snapshot: its signed statement and its file."""

    statement: Mapping[str, Any]
    path: Path = field(repr=False)


class Queries(Protocol):
    """Reads of the database that need no personal data."""

    def witnesses(self, chain: str) -> Sequence[Mapping[str, object]]:
        """Return the checkpoints kept of another service's audit chain, the newest first."""

    def free_slots(
        self, center: str, *, after: datetime, before: datetime, now: datetime
    ) -> Sequence[FreeSlot]:
        """Return the times at which at least one desk can be booked now."""

    def free_days(self, center: str, *, after: datetime, now: datetime) -> Sequence[datetime]:
        """Return the first free time of each day that has one, in UTC days."""

    def day(self, center: str, *, begin: datetime, end: datetime) -> Sequence[DayLine]:
        """Return a center's appointments that begin between two instants."""

    def cards_to_issue(self, *, limit: int = 50) -> Sequence[CardToIssue]:
        """Return members who have no card in use, those who wait longest first."""

    def feed(self, *, after: int, limit: int) -> FeedPage:
        """Return entries of the feed after a number."""

    def feed_state(self) -> FeedState:
        """Return where the feed stands and how far it has come."""

    def client_key(self, site_id: str) -> str | None:
        """Return the public key with which a site proves who it is."""

    def first_use(self, jti: str, until: datetime) -> bool:
        """Remember an assertion until it has expired; false if it was used before."""

    def alarms(self, *, limit: int = 50) -> Sequence[AlarmLine]:
        """Return alarms that nobody has acknowledged, the newest first."""

    def retention_runs(self) -> Sequence[RetentionRun]:
        """Return what was last forgotten of each kind of record."""


class Snapshots(Protocol):
    """Finished snapshot files."""

    def newest(self) -> SnapshotFile | None:
        """Return the newest one, if there is one."""

    def named(self, sha256: str) -> SnapshotFile | None:
        """Return the one with this digest, if it is still kept."""
