"""The passkeys of all sites in the database, and rosters on their way to the sites."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql

from services.enrollment.domain.roster import Passkey
from services.enrollment.persistence import tables
from shared.audit.words import AuditLine
from shared.crypto.keyring import KeyRing
from shared.crypto.roster import sign_roster
from shared.errors import NotFound
from shared.events import Outgoing
from shared.persistence.unit_of_work import SqlUnitOfWork

SIGNED = "enrollment.roster_signed.v1"
_WORDS = ("credential_id", "public_key", "officer", "authority", "roles", "added_at")


class SqlRosters:
    """One row for each passkey, one for each site that has a roster."""

    def __init__(self, work: SqlUnitOfWork, ring: KeyRing) -> None:
        self._work = work
        self._ring = ring

    def add(self, passkey: Passkey) -> None:
        """Keep a passkey; what was told of it first stands."""
        values = {name: getattr(passkey, name) for name in ("site", "id", *_WORDS)}
        new = postgresql.insert(tables.passkeys).values(values)
        self._connection.execute(new.on_conflict_do_nothing())
        self._work.note(AuditLine(event="passkey_added", subject=str(passkey.id)))

    def get(self, site: str, passkey_id: UUID) -> Passkey:
        """Return a passkey of a site, or raise ``NotFound``."""
        rows = tables.passkeys.c
        wanted = select(rows.site, rows.id, *(rows[name] for name in _WORDS))
        mine = wanted.where(rows.site == site, rows.id == passkey_id)
        found = self._connection.execute(mine).mappings().one_or_none()
        if found is None:
            raise NotFound(f"Site {site} has no passkey {passkey_id}")
        return Passkey(**found)

    def confirm(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who confirmed a passkey."""
        self._note(passkey, "confirmed", by=by, at=at)

    def drop(self, passkey: Passkey, *, by: str, at: datetime) -> None:
        """Note who dropped a passkey; it never counts again."""
        self._note(passkey, "dropped", by=by, at=at)

    def sign(self, site: str, *, now: datetime) -> None:
        """Sign the site's roster under its next number, and send it to the site alone."""
        number = self._next_number(site, now)
        passkeys = self._valid(site)
        body = sign_roster(
            self._ring,
            site=site,
            number=number,
            entries=[passkey.entry() for passkey in passkeys],
            now=now,
        )
        self._work.send(
            Outgoing(type=SIGNED, subject=f"roster-{site}", body=body, site=site, version=number)
        )
        self._work.note(AuditLine(event="roster_signed", subject=f"roster-{site}"))

    def signed_before(self, moment: datetime) -> Sequence[str]:
        """Return the sites whose newest roster is older."""
        rows = tables.rosters.c
        return self._connection.scalars(select(rows.site).where(rows.signed_at < moment)).all()

    @property
    def _connection(self) -> Connection:
        return self._work.session.connection()

    def _next_number(self, site: str, now: datetime) -> int:
        """Count on from the clock: after a restore from a backup the sites still see it rise."""
        rows, least = tables.rosters, int(now.timestamp())
        first = postgresql.insert(rows).values(site=site, number=least, signed_at=now)
        change = {"number": func.greatest(rows.c.number + 1, least), "signed_at": now}
        statement = first.on_conflict_do_update(index_elements=["site"], set_=change)
        return int(self._connection.scalars(statement.returning(rows.c.number)).one())

    def _valid(self, site: str) -> list[Passkey]:
        rows = tables.passkeys.c
        wanted = select(rows.site, rows.id, *(rows[name] for name in _WORDS))
        counts = rows.confirmed_at.is_not(None) & rows.dropped_at.is_(None)
        mine = wanted.where(rows.site == site, counts).order_by(rows.added_at, rows.id)
        return [Passkey(**found) for found in self._connection.execute(mine).mappings()]

    def _note(self, passkey: Passkey, what: str, *, by: str, at: datetime) -> None:
        rows = tables.passkeys
        first = rows.c[f"{what}_at"].is_(None)
        change = update(rows).where(rows.c.site == passkey.site, rows.c.id == passkey.id, first)
        self._connection.execute(change.values({f"{what}_by": by, f"{what}_at": at}))
        self._work.note(AuditLine(event=f"passkey_{what}", subject=str(passkey.id)))
