"""The table of wrapped data keys, as the sealer sees it within one transaction."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select, update

from shared.crypto.sealing import Erased
from shared.errors import Stale

TOMBSTONE = b""  # stays after an erasure, so that no late message starts a new key for the person


class SqlWrappedKeys:
    """Data keys of persons and companies, wrapped by the service's key-encryption key."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def get(self, owner: UUID) -> bytes | None:
        """Return the owner's wrapped key; ``None`` if there is none, or if it was erased."""
        return self._find(owner) or None

    def put(self, owner: UUID, wrapped: bytes) -> None:
        """Keep a new key; raise ``Erased`` if the owner's data was erased before.

        Two transactions that make the first key of one owner at the same moment cannot both
        commit: the second breaks on the primary key and is tried again.
        """
        if self._find(owner) == TOMBSTONE:
            raise Erased(f"The data of {owner} were erased")
        self._connection.execute(insert(self._table).values(owner=owner, wrapped=wrapped))

    def delete(self, owner: UUID) -> bool:
        """Forget the key, and with it all that it sealed; tell whether there was one."""
        keys = self._table
        known = self._find(owner)
        if known is None:
            self._connection.execute(insert(keys).values(owner=owner, wrapped=TOMBSTONE))
        elif known != TOMBSTONE:
            mine = keys.c.owner == owner
            self._connection.execute(update(keys).where(mine).values(wrapped=TOMBSTONE))
        return bool(known)

    def hold(self, owners: Collection[UUID]) -> None:
        """Keep the keys of ``owners`` until the commit; raise ``Stale`` if one was dropped."""
        if not owners:
            return
        keys = self._table
        mine = select(keys.c.owner).where(keys.c.owner.in_(owners)).order_by(keys.c.owner)
        held = set(self._connection.scalars(mine.with_for_update(read=True, key_share=True)))
        if held != set(owners):
            raise Stale("A data key was dropped meanwhile, since it sealed nothing")

    def _find(self, owner: UUID) -> bytes | None:
        keys = self._table
        found = self._connection.scalar(select(keys.c.wrapped).where(keys.c.owner == owner))
        return None if found is None else bytes(found)
