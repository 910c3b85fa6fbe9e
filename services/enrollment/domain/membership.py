"""A membership: the right to use a program's lanes until a birthday."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.enrollment.domain.application_form import ApplicationForm, Rules, Step
from services.enrollment.domain.birthday import birthday
from services.enrollment.domain.events import (
    MembershipChanged,
    MembershipEnded,
    MembershipStarted,
)
from services.enrollment.domain.flaws import FormInvalid
from services.enrollment.domain.transitions import IllegalTransition, allowed
from services.enrollment.domain.vehicle import Vehicle
from shared.errors import Conflict
from shared.events import Aggregate


class Status(StrEnum):
    """Where a membership stands; in grace and expired are computed from the dates."""

    ACTIVE = "active"
    HELD = "held"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset({Status.HELD, Status.SUSPENDED, Status.REVOKED, Status.ENDED}),
    Status.HELD: frozenset({Status.ACTIVE, Status.SUSPENDED, Status.REVOKED, Status.ENDED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.REVOKED, Status.ENDED}),
    Status.REVOKED: frozenset({Status.ACTIVE, Status.ENDED}),
    Status.ENDED: frozenset(),
}


class AlreadyMember(Conflict):
    """The person is a member already; only one program at a time."""

    code = "already_member"


def term_end(*, born: date, anchor: date, years: int) -> date:
    """Return the last valid day: the birthday in the calendar year ``years`` after ``anchor``.

    ``anchor`` is the day of approval, for a renewal the old last day. 29 February counts as
    28 February in other years.
    """
    return birthday(born, anchor.year + years)


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why vetting suspended or revoked, as codes, and until when the member may appeal."""

    codes: tuple[str, ...]
    notice_codes: tuple[str, ...]
    undisclosed_rule: str
    at: datetime
    appeal_until: date | None


@dataclass(eq=False, kw_only=True)
class Membership(Aggregate):
    """One person's membership of one program.

    ``form`` is the newest data of the member; ``holds`` are the ids of holds now in force.
    """

    id: UUID
    person_id: UUID
    application_id: UUID
    program: str
    passid: str = field(repr=False)
    form: ApplicationForm = field(repr=False)
    valid_from: date
    valid_until: date
    grace_until: date | None = None
    status: Status = Status.ACTIVE
    holds: frozenset[UUID] = frozenset()
    reasons: Reasons | None = None
    version: int = 0

    @classmethod
    def start(
        cls,
        *,
        membership_id: UUID,
        person_id: UUID,
        application_id: UUID,
        program: str,
        passid: str,
        form: ApplicationForm,
        approved_on: date,
        years: int,
    ) -> "Membership":
        """Make a member of an approved applicant."""
        if form.birth is None:
            raise Conflict("A member without a birth date has no term")
        member = cls(
            id=membership_id,
            person_id=person_id,
            application_id=application_id,
            program=program,
            passid=passid,
            form=form,
            valid_from=approved_on,
            valid_until=term_end(born=form.birth.born_on, anchor=approved_on, years=years),
        )
        member.record(
            MembershipStarted(**member._known(), application_id=application_id, form=form)
        )
        return member

    @property
    def born(self) -> date:
        """The member's birth date."""
        if self.form.birth is None:
            raise Conflict("A member without a birth date has no term")
        return self.form.birth.born_on

    def expired(self, today: date) -> bool:
        """Tell whether the last day, or the last day of grace, has passed."""
        return today > max(self.valid_until, self.grace_until or self.valid_until)

    def in_grace(self, today: date) -> bool:
        """Tell whether the member passes on a renewal that was filed in time."""
        return self.valid_until < today and not self.expired(today)

    def place_hold(self, hold_id: UUID) -> bool:
        """Keep the member out of the lanes for now; tell whether anything changed."""
        if hold_id in self.holds or self.status in {Status.REVOKED, Status.ENDED}:
            return False
        self.holds |= {hold_id}
        if self.status is not Status.ACTIVE:
            return False
        self._move_to(Status.HELD)
        return True

    def lift_hold(self, hold_id: UUID) -> bool:
        """Take one hold away; with the last one gone the member passes again."""
        if hold_id not in self.holds:
            return False
        self.holds -= {hold_id}
        if self.holds or self.status is not Status.HELD:
            return False
        self._move_to(Status.ACTIVE)
        return True

    def suspend(self, reasons: Reasons) -> None:
        """Stop the membership on an officer's word, with reasons."""
        self.reasons = reasons
        self._move_to(Status.SUSPENDED)

    def revoke(self, reasons: Reasons) -> None:
        """Take the membership away on two officers' word, with reasons."""
        self.reasons = reasons
        self._move_to(Status.REVOKED)

    def reinstate(self) -> None:
        """Give the membership back after a suspension, or a revocation that an appeal undid."""
        if self.status not in {Status.SUSPENDED, Status.REVOKED}:
            raise IllegalTransition("membership", self.status, Status.ACTIVE)
        self.reasons = None
        self._move_to(Status.ACTIVE)
        if self.holds:
            self._move_to(Status.HELD)

    def end(self) -> None:
        """Close the membership for good."""
        self.status = allowed(ALLOWED, "membership", self.status, Status.ENDED)
        self.record(MembershipEnded(**self._known()))

    def change_vehicles(self, vehicles: tuple[Vehicle, ...], *, rules: Rules) -> None:
        """Replace the member's vehicles; raise ``FormInvalid`` for one that cannot be enrolled."""
        form = replace(self.form, vehicles=vehicles)
        flaws = form.flaws_of(Step.VEHICLES, rules)
        if flaws:
            raise FormInvalid(flaws)
        self.form = form
        self.record(
            MembershipChanged(**self._known(), application_id=self.application_id, form=form)
        )

    def _move_to(self, wanted: Status) -> None:
        self.status = allowed(ALLOWED, "membership", self.status, wanted)
        self.record(MembershipChanged(**self._known()))

    def _known(self) -> dict[str, Any]:
        return {
            "membership_id": self.id,
            "person_id": self.person_id,
            "program": self.program,
            "status": self.status,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }
