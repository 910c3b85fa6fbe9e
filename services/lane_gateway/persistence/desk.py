"""The web's transactions on the desk's file."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import sessionmaker

from services.lane_gateway.domain.commands import Command
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.schedule import Switch
from services.lane_gateway.domain.visit import Visit, VisitStatus
from services.lane_gateway.persistence.carried_rows import DELETE_AFTER, carried_number
from services.lane_gateway.persistence.desk_reader import PLATE_PLACE, REASON_PLACE
from services.lane_gateway.persistence.desk_tables import (
    acknowledgements,
    audit,
    commands,
    lanes,
    mailboxes,
    map_aggregates,
    switches,
    visits,
)
from services.lane_gateway.persistence.passkeys import SqlPasskeys
from services.lane_gateway.persistence.schedule_rows import switch_values
from services.lane_gateway.persistence.site_seal import SiteSeal
from shared.audit.words import AuditLine
from shared.clock import Clock
from shared.crypto.keyring import KeyRing
from shared.errors import NotFound
from shared.events import Cause, Translate
from shared.ids import new_id
from shared.persistence.claims import insert_new
from shared.persistence.database_errors import named_errors
from shared.persistence.repository import Repository
from shared.persistence.unit_of_work import Journal, SqlUnitOfWork


class SqlVisits(Repository[Visit]):
    """Visits to secondary."""

    def of_passage(self, passage_id: UUID) -> Visit:
        """Return the visit of a passage, or raise ``NotFound``."""
        found = self.find(select(Visit).where(visits.c.passage_id == passage_id))
        if found is None:
            raise NotFound(f"Nothing is expected at secondary from passage {passage_id}")
        return found

    def known(self, passage_id: UUID) -> bool:
        """Tell whether the vehicle of a passage is announced."""
        return self.find(select(Visit).where(visits.c.passage_id == passage_id)) is not None

    def overdue(self, before: datetime) -> list[Visit]:
        """Return the vehicles that were sent before a time and have not arrived."""
        late = (visits.c.status == VisitStatus.EXPECTED) & (visits.c.sent_at < before)
        return list(self.find_all(select(Visit).where(late)))


class DeskUnitOfWork(SqlUnitOfWork):
    """One transaction of the web process."""

    visits: SqlVisits
    passkeys: SqlPasskeys
    seal: SiteSeal

    def open_repositories(self) -> None:
        """Set one attribute per repository."""
        self.visits = SqlVisits(self, Visit)
        self.passkeys = SqlPasskeys(self.session.connection(), self.seal)

    def audited(self, event: str, subject: str) -> None:
        """Add a line to the transaction's audit entry."""
        self.note(AuditLine(event=event, subject=subject))

    def command(self, command: Command) -> int:
        """Write an officer's command down and return its number; its ``id`` is not used."""
        seal = self.seal.seal
        values = {
            "lane": command.lane,
            "kind": command.kind.value,
            "officer": command.officer,
            "at": command.at,
            "passage_id": command.passage_id,
            "counted": command.counted,
            "reason": seal(command.reason, REASON_PLACE) if command.reason else None,
            "plate": seal(command.plate, PLATE_PLACE) if command.plate else None,
            "region": command.region or None,
            "epc": command.epc.hex() or None,
            "seconds": command.seconds,
            "passkey": command.passkey or None,
        }
        connection = self.session.connection()
        written = connection.execute(insert(commands).values(values).returning(commands.c.number))
        subject = str(command.passage_id or command.lane)
        self.note(AuditLine(event=f"command_{command.kind.value}", subject=subject))
        return int(written.scalar_one())

    def sign_on(self, lane: str, officer: str, *, now: datetime) -> None:
        """Make ``officer`` the one who decides at the lane; or raise ``NotFound``."""
        self._set(lane, signed_on=officer, signed_on_at=now)
        self.note(AuditLine(event="officer_signed_on", subject=lane))

    def sign_off(self, lane: str) -> None:
        """Leave the lane without an officer; or raise ``NotFound``."""
        self._set(lane, signed_on=None, signed_on_at=None)
        self.note(AuditLine(event="officer_signed_off", subject=lane))

    def set_mode(self, lane: str, mode: LaneMode) -> None:
        """Set the mode wanted for the lane from the next vehicle on; or raise ``NotFound``."""
        self._set(lane, mode=mode.value)
        self.note(AuditLine(event=f"lane_mode_{mode.value}", subject=lane))

    def plan(self, switch: Switch) -> None:
        """Add a switch to a lane's schedule; or raise ``NotFound`` for a lane that is none."""
        self.signed_on(switch.lane)
        self.session.connection().execute(insert(switches).values(switch_values(switch)))
        self.note(AuditLine(event="lane_planned", subject=switch.lane))

    def unplan(self, lane: str, switch_id: UUID) -> None:
        """Remove a switch from a lane's schedule; or raise ``NotFound``."""
        gone = delete(switches).where(switches.c.id == switch_id, switches.c.lane == lane)
        if self.session.connection().execute(gone).rowcount == 0:
            raise NotFound(f"Lane {lane} has no such switch")
        self.note(AuditLine(event="lane_unplanned", subject=lane))

    def switch(self, switch: Switch, *, at: datetime) -> None:
        """Make the lane what a turn of its schedule says; ``at`` is the time of the turn."""
        self._set(
            switch.lane,
            mode=switch.mode.value,
            lane_type=switch.lane_type.value,
            switched_at=at,
        )
        self.note(AuditLine(event=f"lane_switched_{switch.mode.value}", subject=switch.lane))

    def signed_on(self, lane: str) -> str | None:
        """Return the officer signed on to the lane; or raise ``NotFound``."""
        chosen = select(lanes.c.signed_on).where(lanes.c.lane == lane)
        row = self.session.connection().execute(chosen).one_or_none()
        if row is None:
            raise NotFound(f"No lane {lane}")
        officer: str | None = row.signed_on
        return officer

    def acknowledge(self, alarm_id: UUID, lane: str, officer: str, *, now: datetime) -> bool:
        """Note who has seen an alarm; false if somebody had before."""
        connection = self.session.connection()
        values = {"alarm_id": alarm_id, "lane": lane, "officer": officer, "at": now}
        self.note(AuditLine(event="alarm_acknowledged", subject=str(alarm_id)))
        return insert_new(connection, acknowledgements, **values)

    def forget_words(self, *, before: datetime, limit: int) -> int:
        """Empty up to ``limit`` commands from before an instant of plate and words."""
        holds = commands.c.reason.is_not(None) | commands.c.plate.is_not(None)
        old = select(commands.c.number, commands.c.lane, commands.c.passage_id)
        old = old.where(holds, commands.c.at < before).order_by(commands.c.at).limit(limit)
        with named_errors():
            connection = self.session.connection()
            found = connection.execute(old).all()
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            gone = commands.c.number.in_([row.number for row in found])
            connection.execute(update(commands).where(gone).values(reason=None, plate=None))
        for row in found:
            subject = str(row.passage_id or row.lane)
            self.note(AuditLine(event="words_forgotten", subject=subject))
        return len(found)

    def _set(self, lane: str, **values: object) -> None:
        change = update(lanes).where(lanes.c.lane == lane)
        values["version"] = lanes.c.version + 1
        if self.session.connection().execute(change.values(values)).rowcount == 0:
            raise NotFound(f"No lane {lane}")


class DeskStore:
    """Opens the web's transactions."""

    def __init__(
        self, engine: Engine, *, ring: KeyRing, clock: Clock, translate: Translate
    ) -> None:
        map_aggregates()
        self.engine = engine
        self._seal = SiteSeal(ring)
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._journal = Journal(
            mailboxes=mailboxes,
            audit=audit,
            ring=ring,
            translate=translate,
            clock=clock,
            new_id=new_id,
        )

    def forget_carried(self, carrier: Path) -> None:
        """Delete the outgoing rows that the broker confirmed and that are a week old."""
        number, out = carried_number(carrier, "desk"), mailboxes.outbox
        old = out.c.at < self._journal.clock() - DELETE_AFTER
        with named_errors(), self.engine.begin() as connection:
            connection.execute(out.delete().where(out.c.number <= number, old))

    def __call__(self, cause: Cause | None = None) -> DeskUnitOfWork:
        """Begin a transaction."""
        work = DeskUnitOfWork(self._sessions, self._journal, cause)
        work.seal = self._seal
        return work
