"""The collections of aggregates, kept in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import cast, delete, func, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from services.enrollment.domain import appointment as appointments_domain
from services.enrollment.domain.application import Application
from services.enrollment.domain.application import Status as ApplicationStatus
from services.enrollment.domain.appointment import Appointment, Slot
from services.enrollment.domain.birthday import AgeBand
from services.enrollment.domain.card import IN_USE, Card
from services.enrollment.domain.card import Status as CardStatus
from services.enrollment.domain.interview import Interview
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.membership import Status as MembershipStatus
from services.enrollment.domain.picture import Picture
from services.enrollment.persistence import tables
from shared.crypto.blind_index import blind_index, blind_indexes
from shared.crypto.keyring import KeyRing
from shared.errors import NotFound
from shared.persistence.repository import Repository, Transaction
from shared.persistence.sealed_columns import SealedColumn

VIN_COLUMN = "member_vehicles.vin"


class SqlApplications(Repository[Application]):
    """All applications."""

    def of(self, person_id: UUID) -> Sequence[Application]:
        """Return a person's applications, the newest first."""
        rows = tables.applications.c
        mine = select(Application).where(rows.person_id == person_id)
        return self.find_all(mine.order_by(rows.created_at.desc()))

    def lapsing(self, today: date) -> Sequence[Application]:
        """Return conditionally approved ones whose last day is not after ``today``."""
        rows = tables.applications.c
        due = (rows.status == ApplicationStatus.CONDITIONALLY_APPROVED) & (rows.lapses_on <= today)
        return self.find_all(select(Application).where(due).limit(200))


class SqlAppointments(Repository[Appointment]):
    """All appointments and the slots that they claim."""

    def slot(self, slot_id: UUID) -> Slot:
        """Return a slot, or raise ``NotFound``."""
        rows = tables.slots
        found = self._session.execute(select(rows).where(rows.c.id == slot_id)).one_or_none()
        if found is None:
            raise NotFound(f"No slot {slot_id}")
        return Slot(**found._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's columns

    def on_slot(self, slot_id: UUID) -> Appointment | None:
        """Return the appointment that occupies the slot."""
        rows = tables.appointments.c
        taken = rows.status.in_(appointments_domain.OCCUPIES)
        return self.find(select(Appointment).where(rows.slot_id == slot_id, taken))

    def live(self, application_id: UUID) -> Appointment | None:
        """Return the application's appointment that is held, booked or checked in."""
        rows = tables.appointments.c
        alive = rows.status.in_(appointments_domain.LIVE)
        return self.find(select(Appointment).where(rows.application_id == application_id, alive))

    def held_until_before(self, now: datetime) -> Sequence[Appointment]:
        """Return holds that have run out."""
        rows = tables.appointments.c
        over = (rows.status == appointments_domain.Status.HELD) & (rows.held_until <= now)
        return self.find_all(select(Appointment).where(over).limit(200))

    def open_slots(self, slots: Sequence[Slot]) -> int:
        """Add those of ``slots`` that are not there yet; return how many were new."""
        if not slots:
            return 0
        rows = [
            {
                "id": slot.id,
                "center": slot.center,
                "desk": slot.desk,
                "starts_at": slot.starts_at,
                "minutes": slot.minutes,
            }
            for slot in slots
        ]
        statement = postgresql.insert(tables.slots).on_conflict_do_nothing()
        added = self._session.execute(statement.returning(tables.slots.c.id), rows)
        return len(added.all())

    def flush(self) -> None:
        """Send what was changed so far, so that a slot given back can be taken again."""
        self._session.flush()


class SqlInterviews(Repository[Interview]):
    """All records of interviews."""


class SqlPictures(Repository[Picture]):
    """The newest picture of each person."""

    def of(self, person_id: UUID) -> Picture | None:
        """Return a person's picture, if one is on file."""
        return self.find(select(Picture).where(tables.pictures.c.id == person_id))


class SqlMemberships(Repository[Membership]):
    """All memberships, and the blind indexes of their vehicles."""

    def __init__(
        self, transaction: Transaction, sealed: Sequence[SealedColumn], ring: KeyRing
    ) -> None:
        super().__init__(transaction, Membership, sealed)
        self._ring = ring

    def of(self, person_id: UUID) -> Membership | None:
        """Return the person's membership that has not ended."""
        rows = tables.memberships.c
        mine = (rows.person_id == person_id) & (rows.status != MembershipStatus.ENDED)
        return self.find(select(Membership).where(mine))

    def count_with_vin(self, vin: str, *, but: UUID) -> int:
        """Count the members, one person apart, who have enrolled a vehicle with this VIN."""
        rows = tables.member_vehicles.c
        indexes = blind_indexes(self._ring, VIN_COLUMN, vin)
        others = select(func.count(rows.membership_id.distinct())).where(
            rows.vin_index.in_(indexes), rows.person_id != but
        )
        return int(self._session.scalar(others) or 0)

    def put_vins(self, membership: Membership) -> None:
        """Keep the blind indexes of the member's vehicles."""
        rows = tables.member_vehicles
        self._session.flush()
        self._session.execute(delete(rows).where(rows.c.membership_id == membership.id))
        for vehicle in membership.form.vehicles:
            values = {
                "membership_id": membership.id,
                "person_id": membership.person_id,
                "vin_index": blind_index(self._ring, VIN_COLUMN, vehicle.vin),
            }
            self._session.execute(insert(rows).values(values))


class SqlCards(Repository[Card]):
    """All cards."""

    def of(self, membership_id: UUID) -> Sequence[Card]:
        """Return a membership's cards, the newest first."""
        rows = tables.cards.c
        mine = select(Card).where(rows.membership_id == membership_id)
        return self.find_all(mine.order_by(rows.ordered_at.desc()))

    def of_person(self, person_id: UUID) -> Sequence[Card]:
        """Return a person's cards, the newest first."""
        rows = tables.cards.c
        mine = select(Card).where(rows.person_id == person_id)
        return self.find_all(mine.order_by(rows.ordered_at.desc()))

    def unactivated(self, today: date) -> Sequence[Card]:
        """Return mailed cards whose last day for activation is not after ``today``."""
        rows = tables.cards.c
        late = (rows.status == CardStatus.MAILED) & (rows.activate_by <= today)
        return self.find_all(select(Card).where(late).limit(200))

    def of_the_young(self, today: date) -> Sequence[tuple[Card, str]]:
        """Return cards that the feed gives to minors who have had a birthday lately, with the band.

        The term ends on a birthday, so its day and month tell on which days to look; a week back
        covers days on which no worker ran, a day ahead covers zones.
        """
        said, rows, members = tables.credentials.c, tables.cards.c, tables.memberships.c
        band = cast(said.entry, JSONB)["age_band"].astext
        birthdays = [(today + timedelta(days=1 - back)).strftime("%m-%d") for back in range(9)]
        statement = (
            select(rows.id, band.label("band"))
            .join_from(tables.cards, tables.credentials, said.credential_id == rows.id)
            .join(tables.memberships, members.id == rows.membership_id)
            .where(band != AgeBand.ADULT, rows.status.in_(IN_USE))
            .where(func.to_char(members.valid_until, "MM-DD").in_(birthdays))
        )
        return [(self.get(row.id), row.band) for row in self._session.execute(statement)]
