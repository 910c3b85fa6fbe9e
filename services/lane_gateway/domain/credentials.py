"""A card as the credential list knows it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class CardStatus(StrEnum):
    """Whether the card's membership may use lanes now; expiry is computed from the dates."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    HELD = "held"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


class AgeBand(StrEnum):
    """As much of the holder's age as a lane needs."""

    UNDER_16 = "under_16"
    YOUTH = "16_17"
    ADULT = "adult"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardRecord:
    """The newest entry of the credential list about one card.

    ``tid_digest`` is SHA-256 of the chip's own number, recorded at issue. ``valid_until`` is the
    last valid day, to midnight in the zone of the lane's port; ``grace_until`` lengthens it for a
    holder who renewed in time. ``list_age_limit_s`` is set for holders flagged for review; 0 refers
    them always.
    ``plates`` are the marks of up to four enrolled vehicles (``shared.plates``).
    """

    credential_id: UUID
    epc: bytes = field(repr=False)
    tid_digest: bytes = field(repr=False)
    status: CardStatus
    programs: frozenset[str]
    age_band: AgeBand
    valid_until: date
    grace_until: date | None = None
    list_age_limit_s: int | None = None
    plates: tuple[bytes, ...] = field(default=(), repr=False)
