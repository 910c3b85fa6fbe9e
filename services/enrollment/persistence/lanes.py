"""Sites, what they report, and receipts of erasure: rows without a life of their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql

from services.enrollment.domain.crossing import Alarm, InspectionResult, Passage
from services.enrollment.domain.erasure import Erasure
from services.enrollment.domain.site import Applied, Site
from services.enrollment.domain.travel import Seen
from services.enrollment.persistence import tables
from shared.errors import NotFound, Unavailable
from shared.persistence.unit_of_work import SqlUnitOfWork

TIMES = ("read", "shown", "decided", "gate")
_ANEW = {"forgotten_at": None}
"""What a site tells after all that time is forgotten in its turn."""


class SqlSites:
    """The table of sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, site: Site) -> None:
        """Add a site, or replace the keys of one that is known."""
        values = {
            "name": site.name,
            "zone": site.zone,
            "sealing_key": site.sealing_key,
            "client_key": site.client_key,
            "latitude": site.latitude,
            "longitude": site.longitude,
        }
        new = postgresql.insert(tables.sites).values(id=site.id, **values)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=values))

    def get(self, site_id: str) -> Site:
        """Return a site, or raise ``NotFound``."""
        rows = tables.sites
        found = self._connection.execute(select(rows).where(rows.c.id == site_id)).one_or_none()
        if found is None:
            raise NotFound(f"No site {site_id}")
        return Site(**found._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row's columns

    def every(self) -> Sequence[Site]:
        """Return all sites."""
        rows = self._connection.execute(select(tables.sites).order_by(tables.sites.c.id))
        return [Site(**row._mapping) for row in rows]  # noqa: SLF001 - as above

    def applied(self, report: Applied) -> None:
        """Keep what a site reported as applied."""
        new = postgresql.insert(tables.feed_reports).values(
            site=report.site,
            number=report.number,
            applied_at=report.applied_at,
            reported_at=report.reported_at,
        )
        self._connection.execute(new.on_conflict_do_nothing())


class SqlCrossings:
    """The central record of passages, referrals, inspections and alarms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def passage(self, passage: Passage) -> None:
        """Keep a passage."""
        times = {f"{name}_at": passage.times.get(name) for name in TIMES}
        row = {
            "id": passage.id,
            "site": passage.site,
            "lane": passage.lane,
            "verdict": passage.verdict,
            "reasons": passage.reasons,
            "authorisation": passage.authorisation,
            "officer": passage.officer,
            "counted": passage.counted,
            "list_number": passage.list_number,
            "list_age_s": passage.list_age_s,
            **times,
        }
        began = [at for at in passage.times.values() if at is not None]
        if began:  # a passage without any time is kept from when it was heard of
            row["kept_from"] = min(began)
        self._connection.execute(insert(tables.passages).values(row))
        for credential_id in dict.fromkeys(passage.credential_ids):
            values = {
                "passage_id": passage.id,
                "credential_id": credential_id,
                "person_id": self.person_of(credential_id),
            }
            self._connection.execute(insert(tables.crossings).values(values))

    def referral_closed(
        self, passage_id: UUID, *, site: str, end: str, reason: str, at: datetime
    ) -> None:
        """Note how a referral ended."""
        rows = tables.passages
        mine = (rows.c.id == passage_id) & (rows.c.site == site)
        change = update(rows).where(mine)
        values = {"referral_end": end, "referral_reason": reason, "referral_at": at}
        values |= _ANEW
        if not self._connection.execute(change.values(values)).rowcount:
            raise Unavailable(f"The passage {passage_id} is not known yet")

    def inspected(self, passage_id: UUID, results: Sequence[InspectionResult]) -> None:
        """Keep what came of an inspection, per person; its passage must be known."""
        known = select(tables.passages.c.id).where(tables.passages.c.id == passage_id)
        if self._connection.scalar(known) is None:
            raise Unavailable(f"The passage {passage_id} is not known yet")
        for result in results:
            found = {
                "inspection_result": result.result,
                "inspection_type": result.type,
                "inspection_note": result.note,
                "inspected_by": result.officer,
                "inspected_at": result.at,
            }
            new = postgresql.insert(tables.crossings).values(
                passage_id=passage_id,
                credential_id=result.credential_id,
                person_id=self.person_of(result.credential_id),
                **found,
            )
            self._connection.execute(
                new.on_conflict_do_update(
                    index_elements=["passage_id", "credential_id"], set_=found
                )
            )
        rows = tables.passages
        self._connection.execute(update(rows).where(rows.c.id == passage_id).values(_ANEW))

    def alarm(self, alarm: Alarm) -> None:
        """Keep an alarm."""
        values = {
            "id": alarm.id,
            "site": alarm.site,
            "code": alarm.code,
            "lane": alarm.lane,
            "at": alarm.at,
            "officer": alarm.officer,
        }
        new = postgresql.insert(tables.alarms).values(values)
        self._connection.execute(new.on_conflict_do_nothing())

    def acknowledged(self, alarm_id: UUID, *, officer: str, at: datetime) -> None:
        """Note that an alarm was seen."""
        rows = tables.alarms
        change = update(rows).where(rows.c.id == alarm_id)
        values = {"acknowledged_by": officer, "acknowledged_at": at}
        if not self._connection.execute(change.values(values)).rowcount:
            raise Unavailable(f"The alarm {alarm_id} is not known yet")

    def elsewhere(self, credential_id: UUID, here: Seen, *, within: timedelta) -> Sequence[Seen]:
        """Return the card's passages at other sites around that time."""
        rows, crossed = tables.passages.c, tables.crossings.c
        mine = select(rows.site, rows.lane, rows.kept_from.label("at")).join_from(
            tables.crossings, tables.passages, crossed.passage_id == rows.id
        )
        around = rows.kept_from.between(here.at - within, here.at + within)
        chosen = mine.where(crossed.credential_id == credential_id, rows.site != here.site, around)
        return [Seen(**row) for row in self._connection.execute(chosen).mappings()]

    def person_of(self, credential_id: UUID) -> UUID | None:
        """Return whose card it is, if we issued it."""
        rows = tables.cards.c
        return self._connection.scalar(select(rows.person_id).where(rows.id == credential_id))


class SqlErasures:
    """Receipts of erasure, one per holder of the person's data."""

    def __init__(self, work: SqlUnitOfWork) -> None:
        self._work = work

    def begin(self, erasure: Erasure, *, rows: int, at: datetime) -> None:
        """Keep our own receipt; the others hear of the erasure at the commit."""
        self._work.watch(erasure, ())
        self.receipt(erasure.id, holder="enrollment", rows=rows, at=at)

    def receipt(self, person_id: UUID, *, holder: str, rows: int, at: datetime) -> None:
        """Keep another holder's receipt."""
        new = postgresql.insert(tables.erasures).values(
            person_id=person_id, holder=holder, rows=rows, at=at
        )
        change = {"rows": rows, "at": at}
        self._work.session.execute(
            new.on_conflict_do_update(index_elements=["person_id", "holder"], set_=change)
        )
