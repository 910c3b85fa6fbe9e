"""What the credential feed says of a card: no name, no photo, no key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.enrollment.domain.birthday import AgeBand, age_band
from services.enrollment.domain.card import Card
from services.enrollment.domain.card import Status as CardStatus
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.membership import Status as MembershipStatus
from services.enrollment.domain.vehicle import Vehicle
from shared.plates import plate_mark

MAX_PLATES = 4
REFER_ALWAYS = 0
"""The list's age in seconds up to which a flagged card may pass: no list is that new."""


class Status(StrEnum):
    """What a lane makes of the card, dates apart."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    HELD = "held"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


class ChangeKind(StrEnum):
    """Why an entry stands in the log."""

    ISSUED = "issued"
    ACTIVATED = "activated"
    HELD = "held"
    RELEASED = "released"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVOKED = "revoked"
    REPORTED_LOST = "reported_lost"
    REPORTED_STOLEN = "reported_stolen"
    REPLACED = "replaced"
    EXTENDED = "extended"
    VEHICLES_CHANGED = "vehicles_changed"
    PROGRAMS_CHANGED = "programs_changed"
    AGE_BAND_CHANGED = "age_band_changed"
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    ERASED = "erased"


_OF_MEMBERSHIP = {
    MembershipStatus.ACTIVE: Status.ACTIVE,
    MembershipStatus.HELD: Status.HELD,
    MembershipStatus.SUSPENDED: Status.SUSPENDED,
    MembershipStatus.REVOKED: Status.REVOKED,
    MembershipStatus.ENDED: Status.ENDED,
}
_NOT_YET = frozenset({CardStatus.ORDERED, CardStatus.ENCODED, CardStatus.MAILED})


@dataclass(frozen=True, kw_only=True)
class Credential:
    """One card as every lane knows it; ``valid_until`` is the last valid day."""

    credential_id: UUID
    epc: bytes
    tid_digest: bytes
    status: Status
    programs: tuple[str, ...]
    age_band: AgeBand
    valid_until: date
    grace_until: date | None = None
    list_age_limit_s: int | None = None
    plates: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A credential after a change, and the kind of the change."""

    kind: ChangeKind
    credential: Credential


def status_of(membership: MembershipStatus, card: CardStatus) -> Status:
    """Join the card's own state with the membership's: the stricter one counts."""
    if card is CardStatus.ACTIVE:
        return _OF_MEMBERSHIP[membership]
    if card in _NOT_YET and membership is not MembershipStatus.ENDED:
        return Status.INACTIVE
    return Status.ENDED


def plate_marks(tid: bytes, vehicles: Sequence[Vehicle]) -> tuple[bytes, ...]:
    """Return the marks of the plates, each under the region that a camera reports."""
    return tuple(
        plate_mark(tid, plate_region(vehicle.region), vehicle.plate)
        for vehicle in vehicles[:MAX_PLATES]
    )


def plate_region(region: str) -> str:
    """Return what a plate camera reports for an ISO 3166-2 region: ``CA`` for ``US-CA``."""
    return region.rpartition("-")[2]


def describe(membership: Membership, card: Card, *, today: date) -> Credential:
    """Say of a card what the lanes need, and nothing else."""
    return Credential(
        credential_id=card.id,
        epc=card.epc,
        tid_digest=card.tid_digest,
        status=status_of(membership.status, card.status),
        programs=(membership.program,),
        age_band=age_band(membership.born, today),
        valid_until=membership.valid_until,
        grace_until=membership.grace_until,
        list_age_limit_s=REFER_ALWAYS if card.flagged_at is not None else None,
        plates=plate_marks(card.tid, membership.form.vehicles),
    )
