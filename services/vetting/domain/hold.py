"""Holds: a member's cards do not open lanes until an officer has looked.

A hold that no officer places needs, beside the name, an agreeing full birth date or document
number; a weaker hit only opens a review. A hold expires after 72 hours unless an officer extends it
with a reason; expiry frees the member and alarms the supervisor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.vetting.domain.case_states import IllegalTransition, moved
from services.vetting.domain.member_events import HoldExtended, HoldLifted, HoldPlaced
from services.vetting.domain.officer import Officer
from shared.errors import InvalidInput
from shared.events import Aggregate

LASTS = timedelta(hours=72)
LONGEST_EXTENSION = timedelta(days=14)
NOTICE_POLICY = "hold.standard"
NOBODY = "system"


class Status(StrEnum):
    """Whether a hold is in force."""

    PLACED = "placed"
    LIFTED = "lifted"


class Why(StrEnum):
    """How a hold ended."""

    CLEARED = "cleared"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.PLACED: frozenset({Status.LIFTED}),
    Status.LIFTED: frozenset(),
}


@dataclass(eq=False, kw_only=True)
class Hold(Aggregate):
    """One temporary hold on a person's memberships."""

    id: UUID
    person_id: UUID
    case_id: UUID
    membership_ids: list[str]
    placed_at: datetime
    expires_at: datetime
    placed_by: str = NOBODY
    notice_policy: str = NOTICE_POLICY
    status: Status = Status.PLACED
    why: Why | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    reason: str | None = field(default=None, repr=False)
    reason_sealed: bytes | None = field(default=None, repr=False)
    extended: int = 0
    version: int = 0

    def place(self) -> None:
        """Put the hold in force."""
        self.record(
            HoldPlaced(
                hold_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                at=self.placed_at,
                membership_ids=tuple(UUID(number) for number in self.membership_ids),
                expires_at=self.expires_at,
                notice_policy=self.notice_policy,
                by=self.placed_by,
            )
        )

    def extend(self, until: datetime, officer: Officer, reason: str, *, now: datetime) -> None:
        """Give the review more time, with a reason."""
        officer.must_supervise()
        officer.must_be_free_for(self.person_id)
        if self.status is not Status.PLACED:
            raise IllegalTransition("A hold that was lifted cannot be extended")
        if not self.expires_at < until <= now + LONGEST_EXTENSION:
            raise InvalidInput({"until": ["out_of_range"]}, "A hold ends within 14 days")
        self.expires_at, self.reason = until, _given(reason)
        self.extended += 1
        self.record(
            HoldExtended(
                hold_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                at=now,
                expires_at=until,
                by=officer.subject,
            )
        )

    def lift(self, officer: Officer, reason: str, *, now: datetime) -> None:
        """Free the member, on an officer's word."""
        officer.must_be_free_for(self.person_id)
        self.reason = _given(reason)
        self._end(Why.CLEARED, officer.subject, now=now)

    def end_by_decision(self, why: Why, by: str, *, now: datetime) -> None:
        """End the hold because the review was decided."""
        self._end(why, by, now=now)

    def expire(self, *, now: datetime) -> None:
        """Free the member because nobody decided in time."""
        if now < self.expires_at:
            raise IllegalTransition("The hold has not run out yet")
        self._end(Why.EXPIRED, NOBODY, now=now)

    def _end(self, why: Why, by: str, *, now: datetime) -> None:
        self.status = moved(ALLOWED, self.status, Status.LIFTED, thing="hold")
        self.why, self.lifted_at, self.lifted_by = why, now, by
        self.record(
            HoldLifted(
                hold_id=self.id,
                case_id=self.case_id,
                person_id=self.person_id,
                at=now,
                why=why,
                by=by,
            )
        )


def _given(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput({"reason": ["required"]}, "A reason is needed")
    return reason.strip()
