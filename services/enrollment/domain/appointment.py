"""An appointment for an interview: one application's claim on one slot of a center's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.enrollment.domain.events import AppointmentChanged
from services.enrollment.domain.transitions import allowed
from shared.errors import Conflict
from shared.events import Aggregate

HOLD_TIME = timedelta(minutes=10)
"""Long enough to read a confirmation page twice, short enough that no slot is blocked for long."""


class Status(StrEnum):
    """Where an appointment stands."""

    OFFERED = "offered"
    HELD = "held"
    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    DONE = "done"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MISSED = "missed"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.OFFERED: frozenset({Status.HELD, Status.BOOKED, Status.EXPIRED, Status.CANCELLED}),
    Status.HELD: frozenset({Status.BOOKED, Status.EXPIRED, Status.CANCELLED}),
    Status.BOOKED: frozenset({Status.CHECKED_IN, Status.CANCELLED, Status.MISSED}),
    Status.CHECKED_IN: frozenset({Status.DONE, Status.CANCELLED}),
    Status.DONE: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.MISSED: frozenset(),
}

OCCUPIES = frozenset({Status.OFFERED, Status.HELD, Status.BOOKED, Status.CHECKED_IN, Status.DONE})
"""States in which nobody else can have the slot."""

LIVE = frozenset({Status.HELD, Status.BOOKED, Status.CHECKED_IN})
"""States of which an application can have one appointment only."""


class SlotTaken(Conflict):
    """Somebody else has the slot; choose another."""

    code = "slot_taken"


class HoldExpired(Conflict):
    """The slot was not confirmed in time and is free for everybody again."""

    code = "hold_expired"


class SlotPassed(Conflict):
    """The slot has begun or lies in the past."""

    code = "slot_passed"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One place in a center's calendar."""

    id: UUID
    center: str
    desk: int
    starts_at: datetime
    minutes: int


@dataclass(eq=False, kw_only=True)
class Appointment(Aggregate):
    """One application's claim on a slot."""

    id: UUID
    slot_id: UUID
    application_id: UUID
    person_id: UUID
    center: str
    starts_at: datetime
    status: Status
    held_until: datetime | None = None
    version: int = 0

    @classmethod
    def hold(
        cls,
        slot: Slot,
        *,
        appointment_id: UUID,
        application_id: UUID,
        person_id: UUID,
        now: datetime,
    ) -> "Appointment":
        """Keep the slot for one applicant while they confirm; raise ``SlotPassed``."""
        if slot.starts_at <= now:
            raise SlotPassed("The slot has already begun")
        held = cls(
            id=appointment_id,
            slot_id=slot.id,
            application_id=application_id,
            person_id=person_id,
            center=slot.center,
            starts_at=slot.starts_at,
            status=Status.HELD,
            held_until=now + HOLD_TIME,
        )
        held._changed()
        return held

    def over(self, now: datetime) -> bool:
        """Tell whether the hold has run out, whoever notices first."""
        return self.status is Status.HELD and self.held_until is not None and self.held_until <= now

    def book(self, *, now: datetime) -> None:
        """Confirm a held slot; raise ``HoldExpired`` when it is too late for that."""
        if self.over(now):
            raise HoldExpired("The slot was held too long ago")
        self._move_to(Status.BOOKED)
        self.held_until = None

    def expire(self) -> None:
        """Give a slot back that was not confirmed in time."""
        self._move_to(Status.EXPIRED)

    def cancel(self) -> None:
        """Give the slot back on somebody's word."""
        self._move_to(Status.CANCELLED)

    def check_in(self) -> None:
        """Note that the applicant is at the center."""
        self._move_to(Status.CHECKED_IN)

    def finish(self) -> None:
        """Note that the interview is recorded."""
        self._move_to(Status.DONE)

    def miss(self) -> None:
        """Note that the applicant did not come."""
        self._move_to(Status.MISSED)

    def _move_to(self, wanted: Status) -> None:
        self.status = allowed(ALLOWED, "appointment", self.status, wanted)
        self._changed()

    def _changed(self) -> None:
        self.record(
            AppointmentChanged(
                appointment_id=self.id, application_id=self.application_id, status=self.status
            )
        )
