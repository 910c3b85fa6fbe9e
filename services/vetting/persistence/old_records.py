"""Vetting's records whose time is over, forgotten many at once by plain SQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Update,
    case,
    delete,
    func,
    select,
    update,
)

from services.vetting.domain.case_states import Status
from services.vetting.domain.membership import VETTED
from services.vetting.domain.retention import CLOSED_CASES
from services.vetting.persistence import tables
from shared.audit.words import AuditLine
from shared.persistence.database_errors import named_errors
from shared.persistence.retention_runs import note_run
from shared.persistence.unit_of_work import SqlUnitOfWork
from shared.persistence.unused_keys import SealedFor, drop_unused_keys, in_use, letters

_cases = tables.cases.c
_OF_CASES: Mapping[Table, Sequence[str]] = {
    tables.hits: ("detail_sealed", "note_sealed"),
    tables.holds: ("reason_sealed",),
    tables.interviews: ("detail_sealed",),
}
"""What is sealed beside a case and goes with it."""

_CASES = SealedFor(_cases.person_id, _cases.findings_sealed)
_DOSSIERS = SealedFor(tables.persons.c.id, tables.persons.c.dossier_sealed)


class SqlOldRecords:
    """The records whose time may be over, within one transaction."""

    def __init__(self, work: SqlUnitOfWork) -> None:
        self._work = work
        self._forget: Mapping[str, Callable[[datetime, int], int]] = {
            CLOSED_CASES: self._closed_cases
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

    def _closed_cases(self, before: datetime, limit: int) -> int:
        """Empty closed cases of people who are no members; that they were decided, stays."""
        found = self._connection.execute(
            select(_cases.id, _cases.person_id)
            .where(_cases.findings_sealed.is_not(None), _cases.status.in_(tables.CLOSED))
            .where(_cases.opened_at < before, _closed_at() < before, ~_is_a_members())
            .order_by(_cases.opened_at)
            .limit(limit)
            # Rows that somebody works on are left to the next run.
            .with_for_update(skip_locked=True)
        ).all()
        if not found:
            return 0
        ids = [row.id for row in found]
        for table, columns in _OF_CASES.items():
            self._connection.execute(_emptied(table, *columns).where(table.c.case_id.in_(ids)))
        sealed = ("findings_sealed", "reasons_sealed", "note_sealed")
        self._connection.execute(_emptied(tables.cases, *sealed).where(_cases.id.in_(ids)))
        for each in ids:
            self._work.note(AuditLine(event="case_forgotten", subject=str(each)))
        self._let_go({row.person_id for row in found})
        return len(found)

    def _let_go(self, people: Collection[UUID]) -> None:
        """Empty the files of those who have no case left, and drop their keys."""
        persons, names, cleared = tables.persons, tables.person_names, tables.clearances
        # A file that is being changed is waited for: a new case may come with it.
        lock = select(persons.c.id).where(persons.c.id.in_(people)).order_by(persons.c.id)
        self._connection.execute(lock.with_for_update())
        gone = set(people) - in_use(self._connection, people, [_CASES])
        if not gone:
            return
        self._connection.execute(_emptied(persons, "dossier_sealed").where(persons.c.id.in_(gone)))
        self._connection.execute(delete(names).where(names.c.person_id.in_(gone)))
        self._connection.execute(
            _emptied(cleared, "why_sealed").where(cleared.c.person_id.in_(gone))
        )
        places = (_CASES, _DOSSIERS, *letters(tables.mailboxes))
        drop_unused_keys(self._connection, tables.mailboxes.data_keys, gone, places)

    @property
    def _connection(self) -> Connection:
        return self._work.session.connection()


def _closed_at() -> ColumnElement[datetime]:
    """Return when a case was decided; or, for one that was withdrawn, its last event."""
    lines = tables.timeline.c
    last = select(func.max(lines.at)).where(lines.case_id == _cases.id).scalar_subquery()
    decided = case((_cases.status == Status.DECIDED, _cases.decided_at))
    return func.coalesce(decided, last, _cases.opened_at)


def _is_a_members() -> ColumnElement[bool]:
    held = tables.memberships.c
    vetted = held.status.in_(sorted(VETTED))
    return select(held.id).where(held.person_id == _cases.person_id, vetted).exists()


def _emptied(table: Table, *columns: str) -> Update:
    values: dict[str, Any] = dict.fromkeys(columns)
    return update(table).values(values | {"version": table.c.version + 1})
