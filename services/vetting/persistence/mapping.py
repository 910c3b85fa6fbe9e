"""How aggregates map on to the tables, and which of their attributes rest sealed."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy.orm import registry

from services.vetting.domain.alarm import Alarm
from services.vetting.domain.case import Case
from services.vetting.domain.clearance import Clearance
from services.vetting.domain.hit import Hit
from services.vetting.domain.hold import Hold
from services.vetting.domain.interview import Interview
from services.vetting.domain.membership import Membership
from services.vetting.domain.person import Person
from services.vetting.domain.tie import Tie
from services.vetting.domain.watchlist.watchlist import Watchlist
from services.vetting.persistence import tables
from shared.persistence.sealed_columns import SealedColumn, dump_json, load_json


def _sealed(table: str, *attributes: str) -> Sequence[SealedColumn]:
    return [
        SealedColumn(
            table=table,
            attribute=attribute,
            column=f"{attribute}_sealed",
            owner=lambda aggregate: aggregate.person_id,
            dump=dump_json,
            load=load_json,
        )
        for attribute in attributes
    ]


PERSON_SEALED = _sealed("persons", "dossier")
CASE_SEALED = _sealed("cases", "findings", "reasons", "note")
HIT_SEALED = _sealed("hits", "detail", "note")
HOLD_SEALED = _sealed("holds", "reason")
CLEARANCE_SEALED = _sealed("clearances", "why")
INTERVIEW_SEALED = _sealed("interviews", "detail")

_TABLES = {
    Person: tables.persons,
    Membership: tables.memberships,
    Case: tables.cases,
    Hit: tables.hits,
    Hold: tables.holds,
    Clearance: tables.clearances,
    Interview: tables.interviews,
    Alarm: tables.alarms,
    Tie: tables.ties,
    Watchlist: tables.watchlists,
}


@cache
def map_aggregates() -> None:
    """Teach SQLAlchemy our aggregates; further calls do nothing."""
    mapper = registry(metadata=tables.metadata)
    for kind, table in _TABLES.items():
        mapper.map_imperatively(kind, table, version_id_col=table.c.version)
