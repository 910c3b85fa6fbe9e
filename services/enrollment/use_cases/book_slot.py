"""Book a slot for the interview: confirm the one that is held, or claim and confirm at once."""

from dataclasses import dataclass
from uuid import UUID

from services.enrollment.domain.appointment import Appointment, HoldExpired, SlotTaken
from services.enrollment.use_cases.fetching import own_application
from services.enrollment.use_cases.hold_slot import claim_slot
from services.enrollment.use_cases.ports import Transactions, UnitOfWork
from shared.clock import Clock
from shared.errors import Stale
from shared.events import Cause
from shared.ids import NewId


@dataclass(frozen=True, kw_only=True)
class BookSlot:
    """Make an appointment; two people can never have one slot."""

    transactions: Transactions
    clock: Clock
    new_id: NewId

    def __call__(
        self, application_id: UUID, *, person_id: UUID, slot_id: UUID, cause: Cause | None = None
    ) -> Appointment:
        """Book it; raise ``NotFound``, ``SlotTaken``, ``SlotPassed`` or ``IllegalTransition``."""
        now = self.clock()
        try:
            with self.transactions(cause) as work:
                application = own_application(work, application_id, person_id)
                appointment = self._held(work, application_id, slot_id)
                if appointment is None:
                    appointment = claim_slot(
                        work,
                        application_id,
                        person_id=person_id,
                        slot_id=slot_id,
                        appointment_id=self.new_id(),
                        now=now,
                    )
                appointment.book(now=now)
                application.interview_booked(now=now)
                work.commit(result=str(appointment.id))
        except Stale as error:
            raise SlotTaken("Somebody else has this slot") from error
        return appointment

    def _held(self, work: UnitOfWork, application_id: UUID, slot_id: UUID) -> Appointment | None:
        live = work.appointments.live(application_id)
        if live is None or live.slot_id != slot_id or live.over(self.clock()):
            return None
        return live


@dataclass(frozen=True, kw_only=True)
class ConfirmHold:
    """Confirm a slot that is held."""

    book_slot: BookSlot
    transactions: Transactions

    def __call__(
        self,
        application_id: UUID,
        *,
        person_id: UUID,
        appointment_id: UUID,
        cause: Cause | None = None,
    ) -> Appointment:
        """Book it; raise ``HoldExpired`` if somebody else can have the slot again."""
        with self.transactions() as work:
            held = work.appointments.get(appointment_id)
            slot_id, mine = held.slot_id, held.application_id == application_id
        if not mine:
            raise HoldExpired("The slot is not held for this application")
        return self.book_slot(application_id, person_id=person_id, slot_id=slot_id, cause=cause)
