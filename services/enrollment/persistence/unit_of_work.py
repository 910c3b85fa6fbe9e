"""Enrollment's transaction: its collections, the feed's counter, and the names of conflicts."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment, SlotTaken
from services.enrollment.domain.card import Card
from services.enrollment.domain.interview import Interview
from services.enrollment.domain.membership import AlreadyMember
from services.enrollment.domain.picture import Picture
from services.enrollment.persistence import mapping, tables
from services.enrollment.persistence.chip_keys import RingChipKeys
from services.enrollment.persistence.feed import SqlFeed
from services.enrollment.persistence.lanes import SqlCrossings, SqlErasures, SqlSites
from services.enrollment.persistence.old_records import SqlOldRecords
from services.enrollment.persistence.records import SqlRecords
from services.enrollment.persistence.repositories import (
    SqlApplications,
    SqlAppointments,
    SqlCards,
    SqlInterviews,
    SqlMemberships,
    SqlPictures,
)
from services.enrollment.persistence.rosters import SqlRosters
from services.enrollment.persistence.selections import SqlSelections
from services.enrollment.use_cases.errors import (
    ApplicationOpen,
    CardInUse,
    ChipKnown,
    NumberTaken,
)
from shared.audit.words import AuditLine
from shared.errors import TrustlaneError
from shared.events import Cause, Event
from shared.persistence.database_errors import named_errors
from shared.persistence.unit_of_work import Journal, SqlUnitOfWork

CONFLICTS: dict[str, Callable[[str], TrustlaneError]] = {
    "uq_appointments_slot": SlotTaken,
    "uq_appointments_application": SlotTaken,
    "uq_applications_open": ApplicationOpen,
    "uq_memberships_person": AlreadyMember,
    "uq_cards_in_use": CardInUse,
    "cards_tid_digest_key": ChipKnown,
    "cards_epc_key": NumberTaken,
    "memberships_passid_key": NumberTaken,
}
_TEXTS = {
    "uq_appointments_slot": "Somebody else has this slot",
    "uq_appointments_application": "The application has an appointment already",
    "uq_applications_open": "The person has an application that is not over yet",
    "uq_memberships_person": "The person is a member already",
    "uq_cards_in_use": "The membership has a card already",
    "cards_tid_digest_key": "This chip belongs to another card",
    "cards_epc_key": "This number was drawn before",
    "memberships_passid_key": "This number was drawn before",
}


def conflict_of(constraint: str) -> TrustlaneError | None:
    """Return what the breach of one of our constraints means."""
    kind = CONFLICTS.get(constraint)
    return None if kind is None else kind(_TEXTS[constraint])


class EnrollmentUnitOfWork(SqlUnitOfWork):
    """One enrollment transaction."""

    def __init__(
        self, sessions: Callable[[], Session], journal: Journal, cause: Cause | None = None
    ) -> None:
        super().__init__(sessions, journal, cause)
        self._ours = journal

    def open_repositories(self) -> None:
        """Set one attribute per collection."""
        connection, ring = self.session.connection(), self._ours.ring
        self.applications = SqlApplications(self, Application, mapping.APPLICATION_SEALED)
        self.appointments = SqlAppointments(self, Appointment)
        self.interviews = SqlInterviews(self, Interview, mapping.INTERVIEW_SEALED)
        self.pictures = SqlPictures(self, Picture, mapping.PICTURE_SEALED)
        self.memberships = SqlMemberships(self, mapping.MEMBERSHIP_SEALED, ring)
        self.cards = SqlCards(self, Card, mapping.CARD_SEALED)
        self.chip_keys = RingChipKeys(ring)
        self.feed = SqlFeed(connection, ring, self._ours.clock)
        self.records = SqlRecords(self)
        self.sites = SqlSites(connection)
        self.crossings = SqlCrossings(connection)
        self.rosters = SqlRosters(self, ring)
        self.selections = SqlSelections(connection)
        self.erasures = SqlErasures(self)
        self.old_records = SqlOldRecords(self)

    def before_audit(self, events: Sequence[Event]) -> None:
        """Write this transaction's changes of credentials under their numbers."""
        del events
        self.feed.write()

    def opened(self, subject: str, *, what: str, purpose: str) -> None:
        """Enter into the audit that a file was opened, and why."""
        self.note(AuditLine(event=f"{what}_opened", subject=subject, purpose=purpose))

    def erase(self, person_id: UUID) -> bool:
        """Forget the person's data key and blind indexes, and whose crossings were whose."""
        with named_errors():
            rows, crossed = tables.member_vehicles, tables.crossings
            self.session.execute(delete(rows).where(rows.c.person_id == person_id))
            mine = update(crossed).where(crossed.c.person_id == person_id)
            self.session.execute(mine.values(person_id=None))
        return super().erase(person_id)
