"""One transaction: aggregates, outbox, inbox and audit are saved together or not at all."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.audit.chain import append
from shared.audit.tables import AuditTables
from shared.audit.words import AuditLine
from shared.clock import Clock
from shared.context import current_context
from shared.crypto.keyring import KeyRing
from shared.crypto.sealing import Sealer
from shared.events import Aggregate, Cause, Event, Outgoing, RequestCause, Translate
from shared.ids import NewId
from shared.persistence.audit_lines import line_of
from shared.persistence.claims import claim, set_result
from shared.persistence.database_errors import ConflictOf, named_errors, no_conflict
from shared.persistence.mailboxes import Mailboxes
from shared.persistence.outbox import post
from shared.persistence.sealed_columns import SealedColumn
from shared.persistence.wrapped_keys import SqlWrappedKeys


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What every transaction of a service needs beside its own tables.

    ``conflicts`` names, for a constraint of the schema, the error that its breach means.
    """

    mailboxes: Mailboxes
    audit: AuditTables
    ring: KeyRing
    translate: Translate
    clock: Clock
    new_id: NewId
    conflicts: ConflictOf = no_conflict


class SqlUnitOfWork:
    """What every service's unit of work has in common; subclasses add their repositories."""

    session: Session
    sealer: Sealer

    def __init__(
        self, sessions: Callable[[], Session], journal: Journal, cause: Cause | None = None
    ) -> None:
        self._sessions = sessions
        self._journal = journal
        self._cause = cause

    def __enter__(self) -> Self:
        with ExitStack() as on_error:
            self.session = on_error.enter_context(self._sessions())
            self._seen: dict[int, tuple[Aggregate, Sequence[SealedColumn]]] = {}
            self._lines: list[AuditLine] = []
            self._outgoing: list[Outgoing] = []
            with named_errors(self._journal.conflicts):
                connection = self.session.connection()
                self._keys = SqlWrappedKeys(connection, self._journal.mailboxes.data_keys)
                self.sealer = Sealer(self._journal.ring, self._keys)
                if self._cause is not None:
                    now = self._journal.clock()
                    claim(connection, self._journal.mailboxes, self._cause, now=now)
            self.open_repositories()
            on_error.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.session.close()  # rolls back whatever was not committed
        if isinstance(error, SQLAlchemyError):
            # A statement of a repository met a database that has gone, or a lock that is taken.
            with named_errors(self._journal.conflicts):
                raise error

    def open_repositories(self) -> None:
        """Set one attribute per repository."""

    def before_audit(self, events: Sequence[Event]) -> None:
        """Write what ``events`` demand beside messages; the feed counts its numbers here."""

    def watch(self, aggregate: Aggregate, sealed: Sequence[SealedColumn]) -> bool:
        """Save the aggregate's events and sealed columns at the commit; false if known already."""
        if id(aggregate) in self._seen:
            return False
        # Not session.dirty: an early flush empties it, and the events would be lost.
        self._seen[id(aggregate)] = (aggregate, sealed)
        return True

    def note(self, line: AuditLine) -> None:
        """Add a line to this transaction's audit entry, such as a file opened with a purpose."""
        self._lines.append(line)

    def send(self, message: Outgoing) -> None:
        """Send a message that belongs to no event of an aggregate, such as a receipt."""
        self._outgoing.append(message)

    def erase(self, person_id: UUID) -> bool:
        """Forget the person's data key, and so all that it sealed; tell whether there was one."""
        return self.sealer.erase(person_id)

    def commit(self, *, result: str | None = None) -> None:
        """Save the aggregates and, in the same transaction, what others should hear of them.

        ``result`` is kept for repeats of the request that caused this. Raise ``Stale`` if somebody
        else changed an aggregate meanwhile, a named conflict if a constraint is broken, and
        ``Unavailable`` if the database is away.
        """
        with named_errors(self._journal.conflicts):
            self._seal()
            self.session.flush()
            self._keys.hold(self.sealer.sealed_for)
            events = self._pull()
            connection = self.session.connection()
            if result is not None and isinstance(self._cause, RequestCause):
                set_result(connection, self._journal.mailboxes, self._cause, result)
            now, context = self._journal.clock(), current_context()
            post(
                connection,
                self._journal.mailboxes.outbox,
                self._outgoing,
                request_id=context.request_id,
                at=now,
                new_id=self._journal.new_id,
            )
            self.before_audit(events)
            if self._lines:  # the tail of the chain is the last row to be locked
                append(
                    connection,
                    self._journal.audit,
                    lines=self._lines,
                    actor=context.actor,
                    request_id=context.request_id,
                    at=now,
                )
            self.session.commit()

    def _seal(self) -> None:
        for aggregate, sealed in self._seen.values():
            for column in sealed:
                column.seal(aggregate, self.sealer)

    def _pull(self) -> list[Event]:
        events: list[Event] = []
        for aggregate, _ in list(self._seen.values()):
            for event in aggregate.pull_events():
                events.append(event)
                self._lines.append(line_of(event, aggregate, self.sealer))
                self._outgoing.extend(self._journal.translate(event))
        return events
