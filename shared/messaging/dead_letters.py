"""Messages that can never be applied as they are, kept until somebody decides.

A dead letter holds its aggregate back: what follows it waits until it is replayed or dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from shared.errors import NotFound
from shared.events import MessageCause
from shared.messaging.broker import Wire
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import LetterBox
from shared.persistence.claims import insert_new, move_on, next_turn


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that waits for a decision; what it says is shown by ``DeadLetters.show`` alone."""

    id: UUID
    message_id: UUID | None
    type: str | None
    source: str | None
    subject: str | None
    sequence: int | None
    code: str
    error: str
    at: datetime


class DeadLetters:
    """The table of dead letters; each call is one transaction."""

    def __init__(self, box: LetterBox) -> None:
        self._box = box
        self._table = box.boxes.dead_letters

    def bury(self, envelope: Envelope | None, wire: Wire, *, code: str, error: str) -> UUID:
        """Keep the message with what is wrong with it; take it out of the postponed ones.

        A message that is delivered again keeps the one letter it has.
        """
        letter_id = uuid4()
        with self._box.transaction() as connection:
            if envelope is not None:
                known = self._of_message(connection, envelope.id)
                if known is not None:
                    return known
                waiting = self._box.boxes.postponed
                connection.execute(delete(waiting).where(waiting.c.message_id == envelope.id))
            columns = self._box.columns(
                connection, self._table, letter_id, envelope=envelope, wire=wire
            )
            row = {"id": letter_id, "code": code, "error": error[:500], "at": self._box.clock()}
            row["message_id"] = envelope.id if envelope else None
            connection.execute(insert(self._table).values(row | columns))
        return letter_id

    def all(self) -> Sequence[DeadLetter]:
        """Return the letters that wait for a decision, oldest first."""
        waiting = self._table.c.dropped_at.is_(None)
        chosen = select(self._table).where(waiting).order_by(self._table.c.at)
        with self._box.transaction() as connection:
            return [_letter(row) for row in connection.execute(chosen)]

    def count(self) -> int:
        """Return how many letters wait for a decision."""
        chosen = select(func.count()).select_from(self._table)
        with self._box.transaction() as connection:
            return int(connection.scalar(chosen.where(self._table.c.dropped_at.is_(None))) or 0)

    def show(self, letter_id: UUID) -> tuple[DeadLetter, Wire]:
        """Return a letter with its message opened; or raise ``NotFound``, also if it was erased."""
        with self._box.transaction() as connection:
            row = self._row(connection, letter_id)
            return _letter(row), self._box.opened(connection, self._table, row, row.id)

    def replay(self, letter_id: UUID) -> None:
        """Give the message another set of tries, from now on; or raise ``NotFound``."""
        waiting = self._box.boxes.postponed
        with self._box.transaction() as connection:
            row = self._row(connection, letter_id)
            wire = self._box.opened(connection, self._table, row, row.id)
            key = row.message_id or row.id
            content = self._box.content(connection, waiting, key, owner=row.owner, wire=wire)
            kept = {name: getattr(row, name) for name in ("source", "subject", "sequence", "type")}
            state = {"due_at": self._box.clock(), "tries": 0, "waits": 0, "error": "replayed"}
            insert_new(connection, waiting, message_id=key, **state, **kept, **content)
            connection.execute(delete(self._table).where(self._table.c.id == letter_id))

    def drop(self, letter_id: UUID, reason: str) -> None:
        """Give the message up, with a reason, and let its followers go on; or ``NotFound``."""
        with self._box.transaction() as connection:
            row = self._row(connection, letter_id)
            now = self._box.clock()
            state = {"dropped_at": now, "drop_reason": reason}
            connection.execute(
                update(self._table).where(self._table.c.id == letter_id).values(state)
            )
            if row.message_id is None or row.sequence is None:
                return
            insert_new(connection, self._box.boxes.inbox, id=row.message_id, at=now)
            cause = MessageCause(
                id=row.message_id, source=row.source, subject=row.subject, sequence=row.sequence
            )
            if next_turn(connection, self._box.boxes, cause) == row.sequence - 1:
                move_on(connection, self._box.boxes, cause, row.sequence, now=now)

    def _of_message(self, connection: Connection, message_id: UUID) -> UUID | None:
        table = self._table
        mine = (table.c.message_id == message_id) & table.c.dropped_at.is_(None)
        return connection.scalar(select(table.c.id).where(mine).limit(1))

    def _row(self, connection: Connection, letter_id: UUID) -> Row[Any]:
        table = self._table
        mine = (table.c.id == letter_id) & table.c.dropped_at.is_(None)
        row = connection.execute(select(table).where(mine)).one_or_none()
        if row is None:
            raise NotFound(f"No dead letter {letter_id}")
        return row


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        message_id=row.message_id,
        type=row.type,
        source=row.source,
        subject=row.subject,
        sequence=row.sequence,
        code=row.code,
        error=row.error,
        at=row.at,
    )
