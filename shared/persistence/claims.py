"""Claim a cause inside the transaction that applies it, so that each effect happens once."""

from datetime import datetime

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.errors import AlreadyDone, KeyReused, OutOfTurn
from shared.events import Cause, MessageCause, RequestCause
from shared.persistence.mailboxes import Mailboxes


def claim(connection: Connection, boxes: Mailboxes, cause: Cause, *, now: datetime) -> None:
    """Note that ``cause`` is being handled; it becomes final with the caller's commit.

    Raise ``AlreadyDone`` for a repeat, ``OutOfTurn`` for a message ahead of its turn and
    ``KeyReused`` for an Idempotency-Key that came with another request.
    """
    match cause:
        case MessageCause():
            _claim_message(connection, boxes, cause, now=now)
        case RequestCause():
            _claim_request(connection, boxes, cause, now=now)


def set_result(connection: Connection, boxes: Mailboxes, cause: RequestCause, result: str) -> None:
    """Keep what the request led to, for its repeats."""
    keys = boxes.idempotency
    mine = (keys.c.actor == cause.actor) & (keys.c.key == cause.key)
    connection.execute(update(keys).where(mine).values(result=result))


def insert_new(connection: Connection, table: Table, **values: object) -> bool:
    """Insert the row unless its key exists; wait for a transaction that is inserting it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(values).on_conflict_do_nothing()
    key = next(iter(table.primary_key.columns))
    return connection.execute(statement.returning(key)).first() is not None


def next_turn(connection: Connection, boxes: Mailboxes, cause: MessageCause) -> int:
    """Lock the position of the cause's aggregate and return the last sequence applied."""
    places = boxes.positions
    insert_new(connection, places, source=cause.source, subject=cause.subject, last=0)
    here = (places.c.source == cause.source) & (places.c.subject == cause.subject)
    return int(connection.scalars(select(places.c.last).where(here).with_for_update()).one())


def move_on(
    connection: Connection, boxes: Mailboxes, cause: MessageCause, last: int, *, now: datetime
) -> None:
    """Move the aggregate's position, past what was dropped, and wake the message that waited."""
    places, waiting, dead = boxes.positions, boxes.postponed, boxes.dead_letters
    dropped = (
        (dead.c.source == cause.source)
        & (dead.c.subject == cause.subject)
        & dead.c.dropped_at.is_not(None)
    )
    while connection.scalar(select(dead.c.id).where(dropped, dead.c.sequence == last + 1).limit(1)):
        last += 1
    here = (places.c.source == cause.source) & (places.c.subject == cause.subject)
    connection.execute(update(places).where(here).values(last=last))
    follower = (
        (waiting.c.source == cause.source)
        & (waiting.c.subject == cause.subject)
        & (waiting.c.sequence == last + 1)
    )
    connection.execute(update(waiting).where(follower).values(due_at=now))


def _claim_message(
    connection: Connection, boxes: Mailboxes, cause: MessageCause, *, now: datetime
) -> None:
    if not insert_new(connection, boxes.inbox, id=cause.id, at=now):
        raise AlreadyDone(f"Message {cause.id} was applied before")
    if cause.sequence is None and cause.version is None:
        return
    last = next_turn(connection, boxes, cause)
    if cause.sequence is None:
        _claim_version(connection, boxes, cause, last, now=now)
        return
    if cause.sequence <= last:
        raise AlreadyDone(f"{cause.subject} is at {last}, past {cause.sequence}")
    if cause.sequence > last + 1:
        raise OutOfTurn(f"{cause.subject} is at {last}; {cause.sequence} has to wait")
    move_on(connection, boxes, cause, cause.sequence, now=now)


def _claim_version(
    connection: Connection, boxes: Mailboxes, cause: MessageCause, last: int, *, now: datetime
) -> None:
    version = cause.version or 0
    if version <= last:
        raise AlreadyDone(f"{cause.subject} has version {last}, not older {version}")
    move_on(connection, boxes, cause, version, now=now)


def _claim_request(
    connection: Connection, boxes: Mailboxes, cause: RequestCause, *, now: datetime
) -> None:
    keys = boxes.idempotency
    fresh = insert_new(
        connection, keys, actor=cause.actor, key=cause.key, fingerprint=cause.fingerprint, at=now
    )
    if fresh:
        return
    mine = (keys.c.actor == cause.actor) & (keys.c.key == cause.key)
    before = connection.execute(select(keys.c.fingerprint, keys.c.result).where(mine)).one()
    if before.fingerprint != cause.fingerprint:
        raise KeyReused("The Idempotency-Key was used before with another request")
    raise AlreadyDone("The request was handled before", result=before.result)
