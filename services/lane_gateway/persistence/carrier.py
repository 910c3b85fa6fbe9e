"""The worker's transactions on its file, and the state of the site that others read from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.orm import sessionmaker

from services.lane_gateway.domain.feed import HeadTurnedBack, NewestHead
from services.lane_gateway.domain.roster import RosterTurnedBack
from services.lane_gateway.persistence.carrier_tables import audit, mailboxes, roster, site_state
from shared.audit.words import AuditLine
from shared.clock import Clock
from shared.crypto.canonical import canonical
from shared.crypto.keyring import KeyRing
from shared.events import Cause, Event, Outgoing
from shared.ids import new_id
from shared.persistence.claims import insert_new
from shared.persistence.engines import sqlite_engine
from shared.persistence.unit_of_work import Journal, SqlUnitOfWork

STATE_ID = 1


class CarrierUnitOfWork(SqlUnitOfWork):
    """One transaction of the worker."""

    def connection(self) -> Connection:
        """Return the transaction's connection."""
        return self.session.connection()

    def note_head(self, head: NewestHead) -> None:
        """Keep a head that is newer than the one before; raise ``HeadTurnedBack`` for a lower."""
        connection = self.session.connection()
        state = connection.execute(select(site_state)).one_or_none()
        if state is not None and head.position < state.head_position:
            text = f"Head {head.position} came after head {state.head_position}"
            raise HeadTurnedBack(text)
        insert_new(connection, site_state, id=STATE_ID, generation=0, head_position=0)
        connection.execute(
            update(site_state).values(
                head_position=head.position,
                head_at=head.at,
                head_arrived_at=head.arrived_at,
                head_monotonic=head.monotonic,
                head_boot_id=head.boot_id,
            )
        )

    def keep_roster(self, number: int, statement: Mapping[str, Any]) -> None:
        """Keep a roster that is not older than the one before; or raise ``RosterTurnedBack``."""
        connection = self.session.connection()
        known = connection.scalar(select(roster.c.number))
        if known is not None and number < known:
            raise RosterTurnedBack(f"Roster {number} came after roster {known}")
        text = canonical(dict(statement)).decode()
        insert_new(connection, roster, id=STATE_ID, number=number, statement=text)
        connection.execute(update(roster).values(number=number, statement=text))
        self.note(AuditLine(event="roster_kept", subject=str(number)))

    def name_generation(self, generation: int) -> None:
        """Make ``generation`` the list that lanes change over to between two passages."""
        connection = self.session.connection()
        insert_new(connection, site_state, id=STATE_ID, generation=generation, head_position=0)
        connection.execute(update(site_state).values(generation=generation))


class Carrier:
    """Opens the worker's transactions."""

    def __init__(self, engine: Engine, ring: KeyRing, clock: Clock) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._journal = Journal(
            mailboxes=mailboxes,
            audit=audit,
            ring=ring,
            translate=_nothing,
            clock=clock,
            new_id=new_id,
        )

    def __call__(self, cause: Cause | None = None) -> CarrierUnitOfWork:
        """Begin a transaction."""
        return CarrierUnitOfWork(self._sessions, self._journal, cause)


class SiteState:
    """What agents and web read of the worker's file; opened read-only."""

    def __init__(self, path: Path) -> None:
        self._engine = sqlite_engine(path, read_only=True)

    def generation(self) -> int:
        """Return the number of the current list, 0 while there is none."""
        with self._engine.connect() as connection:
            return int(connection.scalar(select(site_state.c.generation)) or 0)

    def newest_head(self) -> NewestHead | None:
        """Return the newest head that reached the site."""
        with self._engine.connect() as connection:
            row = connection.execute(select(site_state)).one_or_none()
        if row is None or row.head_at is None:
            return None
        return NewestHead(
            position=row.head_position,
            at=row.head_at,
            arrived_at=row.head_arrived_at,
            monotonic=row.head_monotonic,
            boot_id=row.head_boot_id,
        )

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def _nothing(_event: Event) -> list[Outgoing]:
    return []
