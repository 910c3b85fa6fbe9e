"""Vetting's copy of a membership, and what decisions do to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.vetting.domain.case_states import IllegalTransition
from services.vetting.domain.member_events import (
    MembershipDecided,
    MembershipRecorded,
    MembershipReinstated,
    MembershipRevoked,
    MembershipSuspended,
)
from shared.events import Aggregate


class Status(StrEnum):
    """Where the membership stands, as enrollment last said or as vetting has decided since."""

    ACTIVE = "active"
    HELD = "held"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


VETTED = frozenset({Status.ACTIVE, Status.HELD, Status.SUSPENDED})
CAN_BE_HELD = frozenset({Status.ACTIVE, Status.HELD})


@dataclass(eq=False, kw_only=True)
class Membership(Aggregate):
    """A membership that enrollment owns."""

    id: UUID
    person_id: UUID
    program: str
    status: Status
    valid_from: date
    valid_until: date
    version: int = 0

    def announce(self) -> None:
        """Note what enrollment said."""
        self.record(
            MembershipRecorded(membership_id=self.id, person_id=self.person_id, status=self.status)
        )

    def update(self, status: Status, valid_from: date, valid_until: date) -> None:
        """Take over what enrollment says; its word on its own memberships is the last."""
        self.status, self.valid_from, self.valid_until = status, valid_from, valid_until
        self.announce()

    def suspend(self, reasons: Sequence[str], by: str, second: str, *, now: datetime) -> None:
        """Let it rest, on two officers' word."""
        self._must_be({Status.ACTIVE, Status.HELD}, Status.SUSPENDED)
        self.status = Status.SUSPENDED
        self._decided(MembershipSuspended, reasons, by, second, now=now)

    def revoke(self, reasons: Sequence[str], by: str, second: str, *, now: datetime) -> None:
        """Take it away, on two officers' word."""
        self._must_be({Status.ACTIVE, Status.HELD, Status.SUSPENDED}, Status.REVOKED)
        self.status = Status.REVOKED
        self._decided(MembershipRevoked, reasons, by, second, now=now)

    def reinstate(
        self, reasons: Sequence[str], by: str, second: str | None, *, now: datetime
    ) -> None:
        """Give it back after a suspension."""
        self._must_be({Status.SUSPENDED}, Status.ACTIVE)
        self.status = Status.ACTIVE
        self._decided(MembershipReinstated, reasons, by, second, now=now)

    def _must_be(self, states: set[Status], wanted: Status) -> None:
        if self.status not in states:
            raise IllegalTransition(f"A membership that is {self.status} cannot become {wanted}")

    def _decided(
        self,
        kind: type[MembershipDecided],
        reasons: Sequence[str],
        by: str,
        second: str | None,
        *,
        now: datetime,
    ) -> None:
        self.record(
            kind(
                membership_id=self.id,
                person_id=self.person_id,
                reasons=tuple(reasons),
                decided_by=by,
                second_by=second,
                at=now,
            )
        )
