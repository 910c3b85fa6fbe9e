"""Put messages into the outbox within the transaction that changes state."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Table, insert, text

from shared.events import Outgoing
from shared.ids import NewId

WAKE_CHANNEL = "outbox"

_NEXT = text(
    "INSERT INTO sequences (subject, last) VALUES (:subject, 1) "
    "ON CONFLICT (subject) DO UPDATE SET last = sequences.last + 1 RETURNING last"
)


def post(
    connection: Connection,
    outbox: Table,
    messages: Iterable[Outgoing],
    *,
    request_id: str,
    at: datetime,
    new_id: NewId,
) -> Sequence[UUID]:
    """Add ``messages`` in their order; return their ids.

    The row of an aggregate's counter stays locked until the commit, so per aggregate the numbers
    of the outbox rise in the order of the commits.
    """
    ids: list[UUID] = []
    for message in sorted(messages, key=lambda m: m.subject):  # one order of locks: no deadlock
        ids.append(new_id())
        values = _row(connection, message) | {"id": ids[-1], "request_id": request_id, "at": at}
        connection.execute(insert(outbox).values(values))
    if ids and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": WAKE_CHANNEL})
    return ids


def _row(connection: Connection, message: Outgoing) -> dict[str, object]:
    sequence = None
    if message.version is None:
        sequence = int(connection.execute(_NEXT, {"subject": message.subject}).scalar_one())
    return {
        "type": message.type,
        "subject": message.subject,
        "sequence": sequence,
        "version": message.version,
        "site": message.site,
        "body": dict(message.body),
        "person": message.person,
    }
