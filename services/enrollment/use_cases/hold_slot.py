"""Hold a slot for one applicant, for as long as it takes to confirm it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrollment.domain.application import Status
from services.enrollment.domain.appointment import Appointment, SlotTaken
from services.enrollment.domain.appointment import Status as AppointmentStatus
from services.enrollment.domain.transitions import IllegalTransition
from services.enrollment.use_cases.fetching import own_application
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class HoldSlot:
    """Keep a slot from everybody else for ten minutes."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(
        self, application_id: UUID, *, person_id: UUID, slot_id: UUID, cause: Cause | None = None
    ) -> Appointment:
        """Hold it; a slot that this application held before is given back.

        Raise ``NotFound``, ``SlotTaken``, ``SlotPassed`` or ``IllegalTransition``.
        """
        try:
            with self.transactions(cause) as work:
                held = claim_slot(
                    work,
                    application_id,
                    person_id=person_id,
                    slot_id=slot_id,
                    appointment_id=self.new_id(),
                    now=self.clock(),
                )
                work.commit(result=str(held.id))
        except Stale as error:  # two applicants noticed at once that an old hold had run out
            raise SlotTaken("Somebody else has this slot") from error
        return held


def claim_slot(
    work: UnitOfWork,
    application_id: UUID,
    *,
    person_id: UUID,
    slot_id: UUID,
    appointment_id: UUID,
    now: datetime,
) -> Appointment:
    """Claim the slot for the application, in the caller's transaction."""
    application = own_application(work, application_id, person_id)
    if application.status is not Status.CONDITIONALLY_APPROVED:
        raise IllegalTransition("application", application.status, Status.INTERVIEW_BOOKED)
    occupied = work.appointments.on_slot(slot_id)
    if occupied is not None and occupied.over(now):
        occupied.expire()
    elif occupied is not None and occupied.application_id != application_id:
        raise SlotTaken("Somebody else has this slot")
    before = work.appointments.live(application_id) if occupied is None else occupied
    if before is not None and before.status is AppointmentStatus.HELD:
        before.cancel()
    work.appointments.flush()
    held = Appointment.hold(
        work.appointments.slot(slot_id),
        appointment_id=appointment_id,
        application_id=application_id,
        person_id=person_id,
        now=now,
    )
    work.appointments.add(held)
    return held
