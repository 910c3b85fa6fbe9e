"""Read models from committed data."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Select, func, select, tuple_

from services.vetting.domain.case_states import OPEN, UNCLAIMED, Status
from services.vetting.domain.hit import Verdict
from services.vetting.domain.hold import Status as HoldStatus
from services.vetting.persistence import tables
from services.vetting.persistence.list_queries import SqlListQueries
from services.vetting.use_cases.reading import (
    Ages,
    AlarmRow,
    HoldRow,
    Order,
    QueuePage,
    QueueQuery,
    QueueRow,
    TimelineRow,
    View,
)
from shared.audit.checkpoint import witnesses_of
from shared.audit.reading import read_entries
from shared.audit.words import AuditEntry, Sought
from shared.clock import Clock
from shared.errors import InvalidInput, NotFound
from shared.persistence.database_errors import named_errors
from shared.persistence.retention_runs import read_runs
from shared.retention import RetentionRun

MOST_HOLDS = 200
STATES = {
    View.WAITING: UNCLAIMED,
    View.PROPOSED: frozenset({Status.PROPOSED}),
    View.OPEN: OPEN,
    View.MINE: OPEN,
    View.CLOSED: frozenset(Status) - OPEN,
}


class SqlQueries(SqlListQueries):
    """Answers for pages and interfaces."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__(engine)
        self._clock = clock

    def queue(self, query: QueueQuery) -> QueuePage:
        """Return a page of the queue."""
        order = _order(query.order)
        statement = _queue().where(*_conditions(query)).order_by(*order).limit(query.limit + 1)
        if query.after:
            statement = statement.where(tuple_(*order) > tuple_(*_cursor(query.after, order)))
        rows = [QueueRow(**row) for row in self._all(statement)]
        more = len(rows) > query.limit
        shown = rows[: query.limit]
        return QueuePage(rows=shown, next=_cursor_of(shown[-1], query.order) if more else None)

    def ages(self) -> Ages:
        """Return how old the open cases are."""
        cases, now = tables.cases.c, self._clock()
        age = func.extract("epoch", now - cases.opened_at)
        statement = select(
            func.count().label("open"),
            func.count().filter(cases.status.in_(sorted(UNCLAIMED))).label("unclaimed"),
            func.count().filter(cases.due_at < now).label("overdue"),
            func.percentile_cont(0.5).within_group(age).label("median"),
            func.percentile_cont(0.9).within_group(age).label("ninetieth"),
            func.max(age).label("oldest"),
        ).where(cases.status.in_(sorted(OPEN)))
        row = self._all(statement)[0]
        return Ages(**{name: value or 0 for name, value in row.items()})

    def case(self, case_id: UUID) -> QueueRow:
        """Return one case as the queue shows it, or raise ``NotFound``."""
        found = self._all(_queue().where(tables.cases.c.id == case_id))
        if not found:
            raise NotFound(f"No case {case_id}")
        return QueueRow(**found[0])

    def timeline(self, case_id: UUID) -> Sequence[TimelineRow]:
        """Return the history of a case, the oldest first."""
        lines = tables.timeline.c
        statement = (
            select(lines.at, lines.event, lines.by, lines.detail)
            .where(lines.case_id == case_id)
            .order_by(lines.number)
        )
        return [TimelineRow(**row) for row in self._all(statement)]

    def holds(self, *, lifted: bool = False) -> Sequence[HoldRow]:
        """Return holds in force, those that end first in front; or the newest lifted ones."""
        holds = tables.holds.c
        statement = _holds().where(
            holds.status == (HoldStatus.LIFTED if lifted else HoldStatus.PLACED)
        )
        order = holds.lifted_at.desc() if lifted else holds.expires_at.asc()
        found = self._all(statement.order_by(order, holds.id).limit(MOST_HOLDS))
        return [HoldRow(**row) for row in found]

    def hold(self, hold_id: UUID) -> HoldRow:
        """Return one hold, or raise ``NotFound``."""
        found = self._all(_holds().where(tables.holds.c.id == hold_id))
        if not found:
            raise NotFound(f"No hold {hold_id}")
        return HoldRow(**found[0])

    def alarms(self) -> Sequence[AlarmRow]:
        """Return the alarms that nobody has acknowledged."""
        alarms = tables.alarms.c
        statement = (
            select(alarms.id, alarms.code, alarms.case_id, alarms.at)
            .where(alarms.acknowledged_at.is_(None))
            .order_by(alarms.at)
        )
        return [AlarmRow(**row) for row in self._all(statement)]

    def audit(self, sought: Sought) -> Sequence[AuditEntry]:
        """Return entries of the audit, the newest first."""
        with named_errors(), self._engine.connect() as connection:
            return read_entries(connection, tables.audit, sought)

    def witnesses(self, chain: str) -> Sequence[Mapping[str, object]]:
        """Return the checkpoints kept of another service's audit chain, the newest first."""
        with named_errors(), self._engine.connect() as connection:
            return [each.body() for each in witnesses_of(connection, tables.audit, chain)]

    def retention_runs(self) -> Sequence[RetentionRun]:
        """Return what was last forgotten of each kind of record."""
        with named_errors(), self._engine.connect() as connection:
            return read_runs(connection, tables.retention_runs)

    def counts(self) -> Mapping[str, int]:
        """Return how many cases there are in each state, and holds in force."""
        by_state = select(tables.cases.c.status, func.count().label("n")).group_by(
            tables.cases.c.status
        )
        counted = {str(row["status"]): int(row["n"]) for row in self._all(by_state)}
        placed = select(func.count().label("n")).where(tables.holds.c.status == HoldStatus.PLACED)
        counted["holds"] = int(self._all(placed)[0]["n"])
        return counted


def _queue() -> Select[Any]:
    cases, hits, holds = tables.cases.c, tables.hits.c, tables.holds.c
    open_hits = (
        select(func.count())
        .where(hits.case_id == cases.id, hits.verdict == Verdict.OPEN)
        .scalar_subquery()
    )
    held = (
        select(holds.id)
        .where(holds.case_id == cases.id, holds.status == HoldStatus.PLACED)
        .exists()
    )
    names = {f.name for f in fields(QueueRow)} - {"open_hits", "held"}
    return select(
        *(column for column in cases if column.name in names),
        open_hits.label("open_hits"),
        held.label("held"),
    )


def _conditions(query: QueueQuery) -> list[ColumnElement[bool]]:
    cases = tables.cases.c
    wanted: list[ColumnElement[bool]] = [cases.status.in_(sorted(STATES[query.view]))]
    if query.view is View.MINE:
        wanted.append(cases.officer == query.officer)
    if query.kind is not None:
        wanted.append(cases.kind == query.kind)
    return wanted


def _order(order: Order) -> list[Any]:
    cases = tables.cases.c
    match order:
        case Order.PRIORITY:
            return [cases.priority, cases.due_at, cases.id]
        case Order.DUE:
            return [cases.due_at, cases.id]
        case Order.AGE:
            return [cases.opened_at, cases.id]


def _cursor_of(row: QueueRow, order: Order) -> str:
    values = [str(getattr(row, column.name)) for column in _order(order)]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _cursor(text: str, order: Sequence[Any]) -> list[object]:
    try:
        padded = text + "=" * (-len(text) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded))
        return [_value(c.name, v) for c, v in zip(order, values, strict=True)]
    except (ValueError, TypeError) as error:
        raise InvalidInput({"after": ["not_a_cursor"]}, "This is no cursor of ours") from error


def _value(name: str, text: str) -> object:
    if name == "priority":
        return int(text)
    return UUID(text) if name == "id" else datetime.fromisoformat(text)


def _holds() -> Select[Any]:
    holds, cases = tables.holds.c, tables.cases.c
    names = {f.name for f in fields(HoldRow)} - {"case_status", "officer"}
    return select(
        *(column for column in holds if column.name in names),
        cases.status.label("case_status"),
        cases.officer,
    ).join(tables.cases, cases.id == holds.case_id)
