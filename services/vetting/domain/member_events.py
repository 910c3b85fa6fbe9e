"""What can happen to members: holds, and what decisions do to memberships."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class HoldEvent(Event):
    """Something that happened to a hold."""

    hold_id: UUID
    case_id: UUID
    person_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(HoldEvent):
    """A member's cards do not open lanes for the time being."""

    membership_ids: tuple[UUID, ...]
    expires_at: datetime
    notice_policy: str
    by: str


@dataclass(frozen=True, kw_only=True)
class HoldExtended(HoldEvent):
    """An officer gave the hold more time, with a reason."""

    expires_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class HoldLifted(HoldEvent):
    """The hold is over: cleared, expired or turned into a suspension."""

    why: str
    by: str


@dataclass(frozen=True, kw_only=True)
class MembershipDecided(Event):
    """What an officer's decision did to a membership."""

    membership_id: UUID
    person_id: UUID
    reasons: tuple[str, ...]
    decided_by: str
    second_by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembershipSuspended(MembershipDecided):
    """The membership rests."""


@dataclass(frozen=True, kw_only=True)
class MembershipRevoked(MembershipDecided):
    """The membership was taken away."""


@dataclass(frozen=True, kw_only=True)
class MembershipReinstated(MembershipDecided):
    """The membership is whole again."""


@dataclass(frozen=True, kw_only=True)
class MembershipRecorded(Event):
    """Enrollment said where a membership stands."""

    membership_id: UUID
    person_id: UUID
    status: str
