"""Messages that cannot be applied now, and are tried again later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, select, update

from shared.errors import NotFound
from shared.messaging.broker import Wire
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import LetterBox, cause_of
from shared.persistence.claims import claim, insert_new

MAX_TRIES = 12
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A postponed message whose time has come; ``wire`` is ``None`` if its person was erased."""

    message_id: UUID
    wire: Wire | None


def delay_of(tries: int) -> timedelta:
    """Return how long a message rests after its ``tries``-th failure: 1 s doubling to 10 min."""
    return min(FIRST_DELAY * (1 << min(max(tries - 1, 0), 20)), LONGEST_DELAY)


class Postponed:
    """The table of postponed messages; each call is one transaction."""

    def __init__(self, box: LetterBox) -> None:
        self._box = box
        self._table = box.boxes.postponed

    def keep(self, envelope: Envelope, wire: Wire, error: str, *, counts: bool) -> bool:
        """Keep the message for later; false when its tries are used up.

        A message that only waits for its turn (``counts`` false) uses up no try.
        """
        with self._box.transaction() as connection:
            tries, waits = self._counts(connection, envelope.id)
            tries, waits = (tries + 1, waits) if counts else (tries, waits + 1)
            if tries >= MAX_TRIES:
                return False
            rest = delay_of(tries if counts else waits)
            state = {"tries": tries, "waits": waits, "error": error[:500]}
            state["due_at"] = self._box.clock() + rest
            known = self._table.c.message_id == envelope.id
            if connection.execute(update(self._table).where(known).values(state)).rowcount == 0:
                columns = self._box.columns(
                    connection, self._table, envelope.id, envelope=envelope, wire=wire
                )
                insert_new(connection, self._table, message_id=envelope.id, **state, **columns)
        return True

    def pass_by(self, envelope: Envelope) -> None:
        """Take note of a message without effect here, so that the next one has its turn."""
        with self._box.transaction() as connection:
            claim(connection, self._box.boxes, cause_of(envelope), now=self._box.clock())

    def due(self, limit: int = 50) -> Sequence[Due]:
        """Return the messages whose time has come, those with the earliest sequence first."""
        table = self._table
        chosen = select(table).where(table.c.due_at <= self._box.clock())
        ordered = chosen.order_by(table.c.sequence, table.c.due_at).limit(limit)
        with self._box.transaction() as connection:
            rows = connection.execute(ordered).all()
            return [
                Due(message_id=row.message_id, wire=self._wire(connection, row)) for row in rows
            ]

    def settle(self, message_id: UUID) -> None:
        """Forget a message that has been applied, or buried."""
        with self._box.transaction() as connection:
            connection.execute(delete(self._table).where(self._table.c.message_id == message_id))

    def count(self) -> int:
        """Return how many messages wait."""
        with self._box.transaction() as connection:
            return int(connection.scalar(select(func.count()).select_from(self._table)) or 0)

    def _counts(self, connection: Connection, message_id: UUID) -> tuple[int, int]:
        table = self._table
        known = select(table.c.tries, table.c.waits).where(table.c.message_id == message_id)
        row = connection.execute(known).one_or_none()
        return (0, 0) if row is None else (row.tries, row.waits)

    def _wire(self, connection: Connection, row: Row[Any]) -> Wire | None:
        try:
            return self._box.opened(connection, self._table, row, row.message_id)
        except NotFound:
            return None
