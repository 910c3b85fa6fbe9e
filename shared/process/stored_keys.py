"""All wrapped data keys of a service, for wrapping them anew under another key."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Engine, Table, select, update

from shared.persistence.database_errors import named_errors
from shared.persistence.wrapped_keys import TOMBSTONE


class SqlStoredKeys:
    """The table of data keys, outside the transactions that use them."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table

    def every(self) -> Iterable[tuple[UUID, bytes]]:
        """Return each owner with the wrapped key; tombstones of erased ones are left out."""
        keys = self._table
        chosen = select(keys.c.owner, keys.c.wrapped).where(keys.c.wrapped != TOMBSTONE)
        with named_errors(), self._engine.connect() as connection:
            return [(row.owner, bytes(row.wrapped)) for row in connection.execute(chosen)]

    def replace(self, owner: UUID, old: bytes, new: bytes) -> bool:
        """Put ``new`` where ``old`` still stands; tell whether it did."""
        keys = self._table
        mine = (keys.c.owner == owner) & (keys.c.wrapped == old)
        with named_errors(), self._engine.begin() as connection:
            return connection.execute(update(keys).where(mine).values(wrapped=new)).rowcount > 0
