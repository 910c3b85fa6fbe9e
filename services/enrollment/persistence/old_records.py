"""Enrollment's records whose time is over, forgotten many at once by plain SQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Row,
    Select,
    Update,
    cast,
    delete,
    func,
    select,
    type_coerce,
    update,
)

from services.enrollment.domain.application import OVER, Status
from services.enrollment.domain.retention import CROSSINGS, DRAFTS, UNSUCCESSFUL
from services.enrollment.persistence import tables
from shared.audit.words import AuditLine
from shared.persistence.database_errors import named_errors
from shared.persistence.retention_runs import note_run
from shared.persistence.unit_of_work import SqlUnitOfWork
from shared.persistence.unused_keys import SealedFor, drop_unused_keys, in_use, letters

_applications, _interviews = tables.applications.c, tables.interviews.c
_PICTURES = SealedFor(tables.pictures.c.id, tables.pictures.c.jpeg_sealed)
_FILES = (
    SealedFor(_applications.person_id, _applications.form_sealed),
    SealedFor(tables.memberships.c.person_id, tables.memberships.c.form_sealed),
    SealedFor(tables.cards.c.person_id, tables.cards.c.tid_sealed),
)
"""Whoever has one of these is still somebody to us: picture, other columns and key stay."""


class SqlOldRecords:
    """The records whose time may be over, within one transaction."""

    def __init__(self, work: SqlUnitOfWork) -> None:
        self._work = work
        self._forget: Mapping[str, Callable[[datetime, int], int]] = {
            DRAFTS: self._drafts,
            UNSUCCESSFUL: self._unsuccessful,
            CROSSINGS: self._crossings,
        }

    def forget(self, kind: str, *, before: datetime, limit: int) -> int:
        """Forget up to ``limit`` records of a kind that began before an instant; return how many.

        Each is a line of the transaction's entry in the audit.
        """
        with named_errors():
            return self._forget[kind](before, limit)

    def ran(self, kind: str, *, rows: int, at: datetime) -> None:
        """Add to what is reported of the run that began at ``at``."""
        with named_errors():
            note_run(self._connection, tables.retention_runs, kind, rows=rows, at=at)

    def _drafts(self, before: datetime, limit: int) -> int:
        """Delete drafts; they were never sent, so nobody else has heard of them."""
        old = _applications.created_at < before
        found = self._found(_people_of(Status.DRAFT).where(old).limit(limit))
        ids = [row.id for row in found]
        if ids:
            gone = delete(tables.applications).where(_applications.id.in_(ids))
            self._connection.execute(gone)
        self._note("draft_forgotten", ids)
        self._let_go({row.person_id for row in found})
        return len(found)

    def _unsuccessful(self, before: datetime, limit: int) -> int:
        """Empty applications that led to no membership; that they were made, stays."""
        last = type_coerce(_applications.history, JSON)[-1][1].as_string()
        closed_at = cast(last, DateTime(timezone=True))
        old = (_applications.created_at < before) & (closed_at < before)
        ended = _people_of(*(OVER - {Status.APPROVED})).where(old)
        found = self._found(ended.limit(limit))
        ids = [row.id for row in found]
        if ids:
            self._run(
                update(tables.applications)
                .where(_applications.id.in_(ids))
                .values(form_sealed=None, request_sealed=None, decision_sealed=None)
                .values(version=_applications.version + 1),
                update(tables.interviews)
                .where(_interviews.application_id.in_(ids))
                .values(questions_sealed=None, text_sealed=None),
            )
        self._note("application_forgotten", ids)
        self._let_go({row.person_id for row in found})
        return len(found)

    def _crossings(self, before: datetime, limit: int) -> int:
        """Take the people out of passages: their ids, their cards, and words about them."""
        passages, crossings = tables.passages, tables.crossings
        old = passages.c.forgotten_at.is_(None) & (passages.c.kept_from < before)
        found = self._found(
            select(passages.c.id).where(old).order_by(passages.c.kept_from).limit(limit)
        )
        ids = [row.id for row in found]
        if ids:
            self._run(
                update(crossings)
                .where(crossings.c.passage_id.in_(ids))
                # A card leads to its holder; another number keeps the count of cards.
                .values(credential_id=func.gen_random_uuid(), person_id=None, inspection_note=None),
                update(passages)
                .where(passages.c.id.in_(ids))
                .values(forgotten_at=func.now(), referral_reason=None),
            )
        self._note("crossing_forgotten", ids)
        return len(found)

    def _let_go(self, people: Collection[UUID]) -> None:
        """Drop picture and data key of those of whom nothing else is kept."""
        places = (*_FILES, *letters(tables.mailboxes))
        gone = set(people) - in_use(self._connection, people, places)
        if gone:
            rows = tables.pictures
            empty = update(rows).where(rows.c.id.in_(gone), rows.c.jpeg_sealed.is_not(None))
            self._run(empty.values(jpeg_sealed=None, version=rows.c.version + 1))
        keys = tables.mailboxes.data_keys
        drop_unused_keys(self._connection, keys, gone, (*places, _PICTURES))

    def _found(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        # Rows that somebody works on are left to the next run.
        return self._connection.execute(statement.with_for_update(skip_locked=True)).all()

    def _run(self, *statements: Update) -> None:
        for statement in statements:
            self._connection.execute(statement)

    def _note(self, event: str, ids: Sequence[UUID]) -> None:
        for each in ids:
            self._work.note(AuditLine(event=event, subject=str(each)))

    @property
    def _connection(self) -> Connection:
        return self._work.session.connection()


def _people_of(*states: Status) -> Select[Any]:
    """Select applications in these states that still have a form, the oldest first."""
    kept = _applications.status.in_(states) & _applications.form_sealed.is_not(None)
    found = select(_applications.id, _applications.person_id).where(kept)
    return found.order_by(_applications.created_at)
