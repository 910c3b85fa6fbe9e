"""Entries of the credential feed, as a site applies them: changes of cards, and heads."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.lane_gateway.domain.credentials import CardRecord


@dataclass(frozen=True, kw_only=True)
class CredentialChange:
    """One verified entry of the feed that follows the entry before it.

    ``record`` is the card from now on; ``None`` for a head, which changes no card, and for an
    erasure, which removes the card ``erased``. ``hash`` is the chain's hash after this entry.
    """

    position: int
    hash: str = field(repr=False)
    kind: str
    record: CardRecord | None = None
    erased: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class FeedHead:
    """A verified statement that the feed stood at ``position`` at ``at``."""

    position: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NewestHead:
    """The newest head that reached this site, and when it did by both clocks.

    ``monotonic`` counts only within the boot named by ``boot_id``.
    """

    position: int
    at: datetime
    arrived_at: datetime
    monotonic: float
    boot_id: str


class HeadTurnedBack(Exception):  # noqa: N818 - reads as plain words
    """A head came that is lower than one seen before: somebody replays, or history was changed."""
