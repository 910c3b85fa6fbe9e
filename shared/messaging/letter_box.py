"""How a message rests in ``postponed`` and ``dead_letters``: readable outside, sealed inside.

Bodies are sealed under the data key of the person whom they are about (``person_id`` in the body)
or, where a message names nobody, under the service's own key.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Table

from shared.clock import Clock
from shared.crypto.keyring import KeyRing
from shared.crypto.sealing import Place, Sealer
from shared.events import MessageCause
from shared.messaging.broker import Wire
from shared.messaging.envelope import Envelope
from shared.persistence.database_errors import named_errors
from shared.persistence.mailboxes import Mailboxes
from shared.persistence.wrapped_keys import SqlWrappedKeys

SERVICE_OWNER = UUID(int=0)  # owns the bodies that name nobody


def cause_of(envelope: Envelope) -> MessageCause:
    """Return what a use case needs to apply this message once and in its turn."""
    return MessageCause(
        id=envelope.id,
        source=envelope.source,
        subject=envelope.subject,
        sequence=envelope.sequence,
        version=envelope.version,
    )


class LetterBox:
    """Transactions over the mailboxes, and the sealing of bodies within them."""

    def __init__(self, engine: Engine, boxes: Mailboxes, ring: KeyRing, clock: Clock) -> None:
        self.boxes = boxes
        self.clock = clock
        self._engine = engine
        self._ring = ring

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction that commits at the end; ``Unavailable`` if the database is away."""
        with named_errors(), self._engine.begin() as connection:
            yield connection

    def columns(
        self,
        connection: Connection,
        table: Table,
        key: UUID,
        *,
        envelope: Envelope | None,
        wire: Wire,
    ) -> dict[str, object]:
        """Return what both tables keep of a message, ``key`` being the row's primary key."""
        owner = _owner(wire)
        return {
            "source": envelope.source if envelope else None,
            "subject": envelope.subject if envelope else None,
            "sequence": envelope.sequence if envelope else None,
            "type": envelope.type if envelope else wire.headers.get("ce-type", "")[:100],
            **self.content(connection, table, key, owner=owner, wire=wire),
        }

    def content(
        self, connection: Connection, table: Table, key: UUID, *, owner: UUID, wire: Wire
    ) -> dict[str, object]:
        """Return the message itself, its body sealed for this row."""
        place = Place(table.name, "body", str(key))
        return {
            "routing_key": wire.routing_key[:200],
            "headers": dict(wire.headers),
            "owner": owner,
            "body": self._sealer(connection).seal(owner, wire.body, place),
        }

    def opened(self, connection: Connection, table: Table, row: Row[Any], key: UUID) -> Wire:
        """Return the message of a row; raise ``Erased`` where its person's data were erased."""
        place = Place(table.name, "body", str(key))
        body = self._sealer(connection).open(row.owner, row.body, place)
        return Wire(routing_key=row.routing_key, headers=row.headers, body=body)

    def _sealer(self, connection: Connection) -> Sealer:
        return Sealer(self._ring, SqlWrappedKeys(connection, self.boxes.data_keys))


def _owner(wire: Wire) -> UUID:
    try:
        return UUID(json.loads(wire.body)["person_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return SERVICE_OWNER
