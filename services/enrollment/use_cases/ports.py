"""What the use cases need of the outside world: one transaction with its collections."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from services.enrollment.domain.application import Application
from services.enrollment.domain.appointment import Appointment, Slot
from services.enrollment.domain.card import Card
from services.enrollment.domain.credential import Change
from services.enrollment.domain.crossing import Alarm, InspectionResult, Passage
from services.enrollment.domain.erasure import Erasure
from services.enrollment.domain.interview import Interview
from services.enrollment.domain.membership import Membership
from services.enrollment.domain.picture import Picture
from services.enrollment.domain.site import Applied, Site
from services.enrollment.domain.travel import Seen
from services.enrollment.use_cases.chip_ports import ChipKeys
from services.enrollment.use_cases.record_ports import Records
from services.enrollment.use_cases.roster_ports import Rosters
from services.enrollment.use_cases.selection_ports import Selections
from shared.events import Cause
from shared.retention import OldRecords


class Applications(Protocol):
    """All applications."""

    def add(self, aggregate: Application) -> None:
        """Add a new one."""

    def get(self, aggregate_id: UUID) -> Application:
        """Return one, or raise ``NotFound``."""

    def of(self, person_id: UUID) -> Sequence[Application]:
        """Return a person's applications, the newest first."""

    def lapsing(self, today: date) -> Sequence[Application]:
        """Return conditionally approved ones whose last day is not after ``today``."""


class Appointments(Protocol):
    """All appointments and the slots that they claim."""

    def add(self, aggregate: Appointment) -> None:
        """Claim a slot; at the commit ``SlotTaken`` is raised if somebody else has it."""

    def get(self, aggregate_id: UUID) -> Appointment:
        """Return one, or raise ``NotFound``."""

    def slot(self, slot_id: UUID) -> Slot:
        """Return a slot, or raise ``NotFound``."""

    def on_slot(self, slot_id: UUID) -> Appointment | None:
        """Return the appointment that occupies the slot."""

    def live(self, application_id: UUID) -> Appointment | None:
        """Return the application's appointment that is held, booked or checked in."""

    def held_until_before(self, now: datetime) -> Sequence[Appointment]:
        """Return holds that have run out."""

    def open_slots(self, slots: Sequence[Slot]) -> int:
        """Add those of ``slots`` that are not there yet; return how many were new."""

    def flush(self) -> None:
        """Send what was changed so far, so that a slot given back can be taken again."""


class Interviews(Protocol):
    """All records of interviews."""

    def add(self, aggregate: Interview) -> None:
        """Add a new one."""


class Pictures(Protocol):
    """The newest picture of each person."""

    def add(self, aggregate: Picture) -> None:
        """Add a person's first picture."""

    def of(self, person_id: UUID) -> Picture | None:
        """Return a person's picture, if one is on file."""


class Memberships(Protocol):
    """All memberships."""

    def add(self, aggregate: Membership) -> None:
        """Add a new one."""

    def get(self, aggregate_id: UUID) -> Membership:
        """Return one, or raise ``NotFound``."""

    def of(self, person_id: UUID) -> Membership | None:
        """Return the person's membership that has not ended."""

    def count_with_vin(self, vin: str, *, but: UUID) -> int:
        """Count the members, one person apart, who have enrolled a vehicle with this VIN."""

    def put_vins(self, membership: Membership) -> None:
        """Keep the blind indexes of the member's vehicles."""


class Cards(Protocol):
    """All cards."""

    def add(self, aggregate: Card) -> None:
        """Add a new one."""

    def get(self, aggregate_id: UUID) -> Card:
        """Return one, or raise ``NotFound``."""

    def of(self, membership_id: UUID) -> Sequence[Card]:
        """Return a membership's cards, the newest first."""

    def of_person(self, person_id: UUID) -> Sequence[Card]:
        """Return a person's cards, the newest first."""

    def unactivated(self, today: date) -> Sequence[Card]:
        """Return mailed cards whose last day for activation is not after ``today``."""

    def of_the_young(self, today: date) -> Sequence[tuple[Card, str]]:
        """Return cards that the feed gives to minors whose birthday was lately, with the band.

        The term ends on a birthday, so its day and month tell on which days to look.
        """


class Feed(Protocol):
    """The credential feed."""

    def add(self, change: Change) -> None:
        """Have the change numbered at the commit; sites hear of it."""

    def sign_head(self, older_than: datetime) -> bool:
        """Sign a head as the next entry unless one is younger; tell whether one was signed."""


class Sites(Protocol):
    """The table of sites."""

    def add(self, site: Site) -> None:
        """Add a site, or replace the keys of one that is known."""

    def get(self, site_id: str) -> Site:
        """Return a site, or raise ``NotFound``."""

    def every(self) -> Sequence[Site]:
        """Return all sites."""

    def applied(self, report: Applied) -> None:
        """Keep what a site reported as applied."""


class Crossings(Protocol):
    """The central record of passages, referrals, inspections and alarms."""

    def passage(self, passage: Passage) -> None:
        """Keep a passage."""

    def referral_closed(
        self, passage_id: UUID, *, site: str, end: str, reason: str, at: datetime
    ) -> None:
        """Note how a referral ended."""

    def inspected(self, passage_id: UUID, results: Sequence[InspectionResult]) -> None:
        """Keep what came of an inspection, per person."""

    def alarm(self, alarm: Alarm) -> None:
        """Keep an alarm."""

    def acknowledged(self, alarm_id: UUID, *, officer: str, at: datetime) -> None:
        """Note that an alarm was seen."""

    def elsewhere(self, credential_id: UUID, here: Seen, *, within: timedelta) -> Sequence[Seen]:
        """Return the card's passages at other sites around that time."""

    def person_of(self, credential_id: UUID) -> UUID | None:
        """Return whose card it is, if we issued it."""


class Erasures(Protocol):
    """Receipts of erasure, one per holder of the person's data."""

    def begin(self, erasure: Erasure, *, rows: int, at: datetime) -> None:
        """Keep our own receipt; the others hear of the erasure at the commit."""

    def receipt(self, person_id: UUID, *, holder: str, rows: int, at: datetime) -> None:
        """Keep another holder's receipt."""


class UnitOfWork(Protocol):
    """One transaction; leaving it without ``commit`` rolls back."""

    @property
    def applications(self) -> Applications:
        """All applications."""

    @property
    def appointments(self) -> Appointments:
        """All appointments."""

    @property
    def interviews(self) -> Interviews:
        """All records of interviews."""

    @property
    def pictures(self) -> Pictures:
        """All pictures."""

    @property
    def memberships(self) -> Memberships:
        """All memberships."""

    @property
    def cards(self) -> Cards:
        """All cards."""

    @property
    def chip_keys(self) -> ChipKeys:
        """Keys of single chips."""

    @property
    def feed(self) -> Feed:
        """The credential feed."""

    @property
    def records(self) -> Records:
        """Display records."""

    @property
    def sites(self) -> Sites:
        """The table of sites."""

    @property
    def crossings(self) -> Crossings:
        """The central record of what happened in lanes."""

    @property
    def rosters(self) -> Rosters:
        """Officers' passkeys at the sites."""

    @property
    def selections(self) -> Selections:
        """The lanes' draws by chance."""

    @property
    def erasures(self) -> Erasures:
        """Receipts of erasure."""

    @property
    def old_records(self) -> OldRecords:
        """Records whose time may be over."""

    def opened(self, subject: str, *, what: str, purpose: str) -> None:
        """Enter into the audit that a file was opened, and why."""

    def erase(self, person_id: UUID) -> bool:
        """Forget the person's data key and blind indexes."""

    def __enter__(self) -> Self:
        """Begin; raise ``AlreadyDone`` if the cause was handled before."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Roll back whatever was not committed."""

    def commit(self, *, result: str | None = None) -> None:
        """Save everything, and what others should hear of it, in one transaction."""


class Transactions(Protocol):
    """Opens units of work."""

    def __call__(self, cause: Cause | None = None) -> UnitOfWork:
        """Return a transaction that has not begun yet."""


CardRandomness = Callable[[int], bytes]
"""Returns so many random bytes that nobody can foresee."""
