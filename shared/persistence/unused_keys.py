"""Data keys that seal nothing any more, since all that they sealed was forgotten.

Unlike after an erasure no tombstone stays: who comes back later gets a new key, and copies in
backups stay closed all the same.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, select, union_all

from shared.persistence.mailboxes import Mailboxes
from shared.persistence.wrapped_keys import TOMBSTONE


class SealedFor(NamedTuple):
    """A column of ids of owners, beside a column that is sealed under their keys."""

    owner: ColumnElement[UUID]
    sealed: ColumnElement[Any]


def letters(boxes: Mailboxes) -> Sequence[SealedFor]:
    """Return where messages that wait, or could not be applied, rest sealed."""
    return [
        SealedFor(table.c.owner, table.c.body) for table in (boxes.postponed, boxes.dead_letters)
    ]


def in_use(
    connection: Connection, owners: Collection[UUID], places: Sequence[SealedFor]
) -> set[UUID]:
    """Return those of ``owners`` for whom something is still sealed in one of ``places``."""
    if not owners:
        return set()
    return set(connection.scalars(union_all(*(_owners(place, owners) for place in places))))


def drop_unused_keys(
    connection: Connection,
    keys: Table,
    owners: Collection[UUID],
    places: Sequence[SealedFor],
) -> set[UUID]:
    """Delete the keys of those of ``owners`` for whom nothing is sealed; return whose they were.

    The keys are locked first: a transaction that seals under one of them is waited for, and what
    it has sealed is then seen; one that comes later finds its key gone and is tried again.
    """
    mine = keys.c.owner.in_(owners) & (keys.c.wrapped != TOMBSTONE)
    lock = select(keys.c.owner).where(mine).order_by(keys.c.owner).with_for_update()
    locked = set(connection.scalars(lock)) if owners else set()
    unused = locked - in_use(connection, locked, places)
    if unused:
        connection.execute(delete(keys).where(keys.c.owner.in_(unused)))
    return unused


def _owners(place: SealedFor, owners: Collection[UUID]) -> Select[UUID]:
    return select(place.owner).where(place.owner.in_(owners), place.sealed.is_not(None))
