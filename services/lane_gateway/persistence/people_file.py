"""Display records as they came: sealed to this site, opened only to be shown."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.sqlite import insert

from shared.clock import Clock
from shared.persistence.database_errors import named_errors
from shared.persistence.instants import Instant

metadata = MetaData()

display_records = Table(
    "display_records",
    metadata,
    Column("credential_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sealed", Text),
    Column("received_at", Instant, nullable=False),
    comment="sealed is null once the record was dropped; the version stays against late repeats",
)


@dataclass(frozen=True, kw_only=True)
class SealedRecord:
    """One display record."""

    credential_id: UUID
    version: int
    sealed: str = field(repr=False)


class PeopleFile:
    """The table of display records; each call is one transaction, and repeating it is harmless."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, credential_id: UUID, version: int, sealed: str) -> None:
        """Keep a record unless a newer version is known."""
        self._put(credential_id, version, sealed)

    def drop(self, credential_id: UUID, version: int) -> None:
        """Forget the record, unless a newer version is known."""
        self._put(credential_id, version, None)

    def erase(self, credential_ids: list[UUID]) -> int:
        """Remove all trace of these cards; return how many there were."""
        mine = display_records.c.credential_id.in_(credential_ids)
        with named_errors(), self._engine.begin() as connection:
            return connection.execute(delete(display_records).where(mine)).rowcount

    def find(self, credential_id: UUID) -> SealedRecord | None:
        """Return the newest record of a card, if there is one here."""
        mine = display_records.c.credential_id == credential_id
        with named_errors(), self._engine.connect() as connection:
            row = connection.execute(select(display_records).where(mine)).one_or_none()
        if row is None or row.sealed is None:
            return None
        return SealedRecord(credential_id=credential_id, version=row.version, sealed=row.sealed)

    def _put(self, credential_id: UUID, version: int, sealed: str | None) -> None:
        values = {"version": version, "sealed": sealed, "received_at": self._clock()}
        statement = insert(display_records).values(credential_id=credential_id, **values)
        newer = statement.on_conflict_do_update(
            index_elements=[display_records.c.credential_id],
            set_=values,
            where=display_records.c.version < version,
        )
        with named_errors(), self._engine.begin() as connection:
            connection.execute(newer)
