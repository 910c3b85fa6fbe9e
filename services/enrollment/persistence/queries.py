"""Reads without personal data, by plain SQL."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Select, Text, delete, func, select
from sqlalchemy.dialects import postgresql

from services.enrollment.domain import appointment, card, membership
from services.enrollment.domain.site import Applied, Site, spread
from services.enrollment.persistence import tables
from services.enrollment.use_cases.reading import (
    AlarmLine,
    CardToIssue,
    DayLine,
    FeedPage,
    FeedState,
    FreeSlot,
    NewestChange,
    SiteLine,
)
from shared.audit.checkpoint import witnesses_of
from shared.clock import Clock
from shared.crypto.feed import HEAD
from shared.persistence.database_errors import named_errors
from shared.persistence.retention_runs import read_runs
from shared.retention import RetentionRun


class SqlQueries:
    """Read models over the service's database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def witnesses(self, chain: str) -> Sequence[Mapping[str, object]]:
        """Return the checkpoints kept of another service's audit chain, the newest first."""
        with named_errors(), self._engine.connect() as connection:
            return [each.body() for each in witnesses_of(connection, tables.audit, chain)]

    def free_slots(
        self, center: str, *, after: datetime, before: datetime, now: datetime
    ) -> Sequence[FreeSlot]:
        """Return the times at which at least one desk can be booked now."""
        free = _free(center, after=max(after, now), now=now).subquery()
        statement = (
            select(
                free.c.starts_at,
                func.min(free.c.minutes).label("minutes"),
                func.count().label("desks"),
                func.min(free.c.id.cast(Text)).label("slot_id"),
            )
            .where(free.c.starts_at < before)
            .group_by(free.c.starts_at)
            .order_by(free.c.starts_at)
        )
        return [FreeSlot(**row) for row in self._all(statement, slot_id=UUID)]

    def free_days(self, center: str, *, after: datetime, now: datetime) -> Sequence[datetime]:
        """Return the first free time of each day that has one, in UTC days."""
        free = _free(center, after=max(after, now), now=now).subquery()
        day = func.date_trunc("day", free.c.starts_at)
        statement = select(func.min(free.c.starts_at).label("first")).group_by(day).order_by(day)
        return [row["first"] for row in self._all(statement)]

    def day(self, center: str, *, begin: datetime, end: datetime) -> Sequence[DayLine]:
        """Return a center's appointments that begin between two instants."""
        made, slots = tables.appointments.c, tables.slots.c
        shown = (
            appointment.Status.BOOKED,
            appointment.Status.CHECKED_IN,
            appointment.Status.DONE,
            appointment.Status.MISSED,
        )
        statement = (
            select(
                made.id.label("appointment_id"),
                made.application_id,
                made.person_id,
                made.starts_at,
                slots.desk,
                made.status,
            )
            .join_from(tables.appointments, tables.slots)
            .where(made.center == center, made.starts_at >= begin, made.starts_at < end)
            .where(made.status.in_(shown))
            .order_by(made.starts_at, slots.desk)
        )
        return [DayLine(**row) for row in self._all(statement, status=str)]

    def cards_to_issue(self, *, limit: int = 50) -> Sequence[CardToIssue]:
        """Return members who have no card in use, those who wait longest first."""
        members, cards = tables.memberships.c, tables.cards.c
        in_use = (cards.membership_id == members.id) & cards.status.in_(card.IN_USE)
        entitled = members.status.in_((membership.Status.ACTIVE, membership.Status.HELD))
        statement = (
            select(members.id.label("membership_id"), members.person_id, members.valid_from)
            .where(entitled, ~select(cards.id).where(in_use).exists())
            .order_by(members.valid_from, members.id)
            .limit(limit)
        )
        return [CardToIssue(**row) for row in self._all(statement)]

    def feed(self, *, after: int, limit: int) -> FeedPage:
        """Return entries of the feed after a number."""
        rows = tables.feed.c
        statement = select(rows.entry).where(rows.position > after)
        ordered = statement.order_by(rows.position).limit(limit)
        entries = [json.loads(row["entry"]) for row in self._all(ordered)]
        last = self._all(select(tables.feed_tail.c.number))[0]["number"]
        heads = select(rows.entry).where(rows.kind == HEAD).order_by(rows.position.desc()).limit(1)
        head = next((json.loads(row["entry"]) for row in self._all(heads)), None)
        return FeedPage(entries=entries, last=last, head=head)

    def feed_state(self) -> FeedState:
        """Return where the feed stands and how far it has come."""
        tail = self._all(select(tables.feed_tail))[0]
        sites = [Site(**row) for row in self._all(select(tables.sites).order_by(tables.sites.c.id))]
        latest = {report.site: report for report in self._latest_reports()}
        lines = [
            SiteLine(
                id=site.id,
                name=site.name,
                zone=site.zone,
                number=latest[site.id].number if site.id in latest else None,
                applied_at=latest[site.id].applied_at if site.id in latest else None,
            )
            for site in sites
        ]
        newest = self._newest_change(sites)
        return FeedState(number=tail["number"], head_at=tail["head_at"], newest=newest, sites=lines)

    def client_key(self, site_id: str) -> str | None:
        """Return the public key with which a site proves who it is."""
        rows = tables.sites.c
        found = self._all(select(rows.client_key).where(rows.id == site_id))
        return found[0]["client_key"] if found else None

    def first_use(self, jti: str, until: datetime) -> bool:
        """Remember an assertion until it has expired; false if it was used before."""
        seen = tables.client_assertions
        new = postgresql.insert(seen).values(jti=jti, until=until).on_conflict_do_nothing()
        with named_errors(), self._engine.begin() as connection:
            connection.execute(delete(seen).where(seen.c.until < self._clock()))
            return connection.execute(new.returning(seen.c.jti)).first() is not None

    def alarms(self, *, limit: int = 50) -> Sequence[AlarmLine]:
        """Return alarms that nobody has acknowledged, the newest first."""
        rows = tables.alarms.c
        statement = (
            select(rows.id, rows.site, rows.lane, rows.code, rows.at)
            .where(rows.acknowledged_at.is_(None))
            .order_by(rows.at.desc())
            .limit(limit)
        )
        return [AlarmLine(**row) for row in self._all(statement)]

    def retention_runs(self) -> Sequence[RetentionRun]:
        """Return what was last forgotten of each kind of record."""
        with named_errors(), self._engine.connect() as connection:
            return read_runs(connection, tables.retention_runs)

    def _newest_change(self, sites: Sequence[Site]) -> NewestChange | None:
        rows, reports = tables.feed.c, tables.feed_reports.c
        change = select(rows.position, rows.kind, rows.at).where(rows.kind != HEAD)
        found = self._all(change.order_by(rows.position.desc()).limit(1))
        if not found:
            return None
        entry = found[0]
        there = (
            select(
                reports.site,
                func.min(reports.number).label("number"),
                func.min(reports.applied_at).label("applied_at"),
                func.min(reports.reported_at).label("reported_at"),
            )
            .where(reports.number >= entry["position"])
            .group_by(reports.site)
        )
        applied = [Applied(**row) for row in self._all(there)]
        how_far = spread(entry["position"], entry["at"], sites, applied)
        return NewestChange(kind=entry["kind"], at=entry["at"], spread=how_far)

    def _latest_reports(self) -> Sequence[Applied]:
        reports = tables.feed_reports
        statement = (
            select(reports)
            .ext(postgresql.distinct_on(reports.c.site))
            .order_by(reports.c.site, reports.c.number.desc())
        )
        return [Applied(**row) for row in self._all(statement)]

    def _all(self, statement: Select[Any], **convert: Any) -> list[dict[str, Any]]:
        with named_errors(), self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(statement).mappings()]
        for row in rows:
            row.update({name: change(row[name]) for name, change in convert.items()})
        return rows


def _free(center: str, *, after: datetime, now: datetime) -> Select[Any]:
    """Select the slots that nobody occupies; a hold that has run out occupies nothing."""
    slots, made = tables.slots.c, tables.appointments.c
    run_out = (made.status == appointment.Status.HELD) & (made.held_until <= now)
    taken = (
        select(made.id)
        .where(made.slot_id == slots.id, made.status.in_(appointment.OCCUPIES), ~run_out)
        .exists()
    )
    return select(tables.slots).where(slots.center == center, slots.starts_at > after, ~taken)
