"""Vetting's tables. Personal data rest in ``*_sealed`` columns under the person's data key.

Entries of public watchlists are about people who are no members; they rest as the list gives them.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.vetting.domain import alarm, case_states, hit, hold, interview, membership
from services.vetting.domain.watchlist.watchlist import Format
from services.vetting.persistence.columns import ENTRY, LIST_NAME, STAFF, word
from shared.audit.tables import add_audit
from shared.persistence.instants import Instant
from shared.persistence.mailboxes import add_mailboxes
from shared.persistence.retention_runs import add_retention_runs

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)
retention_runs = add_retention_runs(metadata)

persons = Table(
    "persons",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("dossier_sealed", LargeBinary),
    Column("updated_at", Instant, nullable=False),
    Column("screened_at", Instant, index=True),
    Column("version", Integer, nullable=False),
)

person_names = Table(
    "person_names",
    metadata,
    Column("person_id", Uuid, ForeignKey("persons.id"), primary_key=True),
    Column("pair_index", LargeBinary(16), primary_key=True),
)
Index("ix_person_names_pair", person_names.c.pair_index)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("program", String(24), nullable=False),
    Column("status", word(membership.Status), nullable=False, index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("version", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", word(case_states.Kind), nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("application_id", Uuid, unique=True),
    Column("program", String(24), nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("policy_version", String(40), nullable=False),
    Column("list_version", String(200), nullable=False),
    Column("status", word(case_states.Status), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("officer", STAFF),
    Column("lease_until", Instant),
    Column("waiting_since", Instant),
    Column("request_id", Uuid),
    Column("outcome", word(case_states.Outcome)),
    Column("findings_sealed", LargeBinary),
    Column("reasons_sealed", LargeBinary),
    Column("note_sealed", LargeBinary),
    Column("decided_by", STAFF),
    Column("second_by", STAFF),
    Column("decided_at", Instant),
    Column("version", Integer, nullable=False),
)
CLOSED = sorted(set(case_states.Status) - case_states.OPEN)
Index(
    "uq_cases_open_review",
    cases.c.person_id,
    unique=True,
    postgresql_where=(cases.c.kind == case_states.Kind.REVIEW) & cases.c.status.not_in(CLOSED),
)
Index("ix_cases_queue", cases.c.status, cases.c.priority, cases.c.due_at, cases.c.id)
Index("ix_cases_lease", cases.c.lease_until)
_kept = cases.c.findings_sealed.is_not(None) & cases.c.status.in_(CLOSED)
Index("ix_cases_kept", cases.c.opened_at, postgresql_where=_kept)

hits = Table(
    "hits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("list", LIST_NAME, nullable=False),
    Column("entry", ENTRY, nullable=False),
    Column("list_version", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("strong", Boolean, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("compared", String(64), nullable=False),
    Column("verdict", word(hit.Verdict), nullable=False),
    Column("judged_by", STAFF),
    Column("judged_at", Instant),
    Column("detail_sealed", LargeBinary),
    Column("note_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
    UniqueConstraint("case_id", "list", "entry", "compared", name="uq_hits_compared"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False, index=True),
    Column("membership_ids", JSON, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("placed_by", STAFF, nullable=False),
    Column("notice_policy", String(40), nullable=False),
    Column("status", word(hold.Status), nullable=False),
    Column("why", word(hold.Why)),
    Column("lifted_at", Instant),
    Column("lifted_by", STAFF),
    Column("reason_sealed", LargeBinary),
    Column("extended", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
Index(
    "uq_holds_placed",
    holds.c.person_id,
    unique=True,
    postgresql_where=holds.c.status == hold.Status.PLACED,
)
Index("ix_holds_expiry", holds.c.status, holds.c.expires_at)

clearances = Table(
    "clearances",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("list", LIST_NAME, nullable=False),
    Column("entry", ENTRY, nullable=False),
    Column("compared", String(64), nullable=False),
    Column("cleared_by", STAFF, nullable=False),
    Column("cleared_at", Instant, nullable=False),
    Column("why_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
    UniqueConstraint("person_id", "list", "entry", "compared", name="uq_clearances_compared"),
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False, index=True),
    Column("person_id", Uuid, nullable=False),
    Column("outcome", word(interview.Outcome), nullable=False),
    Column("recorded_by", STAFF, nullable=False),
    Column("at", Instant, nullable=False),
    Column("detail_sealed", LargeBinary),
    Column("version", Integer, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", word(alarm.Code), nullable=False),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("acknowledged_by", STAFF),
    Column("acknowledged_at", Instant),
    Column("version", Integer, nullable=False),
)

ties = Table(
    "ties",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer", STAFF, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("officer", "person_id", name="uq_ties_declared"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("event", String(40), nullable=False),
    Column("by", STAFF, nullable=False),
    Column("detail", String(80), nullable=False),
)
Index("ix_timeline_case", timeline.c.case_id, timeline.c.number)

watchlists = Table(
    "watchlists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", LIST_NAME, nullable=False, unique=True),
    Column("format", word(Format), nullable=False),
    Column("number", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("names", Integer, nullable=False),
    Column("birth_dates", Integer, nullable=False),
    Column("loaded_at", Instant),
    Column("loaded_by", STAFF, nullable=False),
    Column("version", Integer, nullable=False),
)

watchlist_versions = Table(
    "watchlist_versions",
    metadata,
    Column("list", LIST_NAME, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("loaded_at", Instant, nullable=False),
    Column("loaded_by", STAFF, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("added", JSON, nullable=False, comment="numbers of the entries"),
    Column("changed", JSON, nullable=False),
    Column("removed", JSON, nullable=False),
)

watchlist_entries = Table(
    "watchlist_entries",
    metadata,
    Column("list", LIST_NAME, primary_key=True),
    Column("entry", ENTRY, primary_key=True),
    Column("from_version", Integer, primary_key=True, autoincrement=False),
    Column("until_version", Integer, comment="the first version without it; null while current"),
    Column("digest", String(64), nullable=False),
    Column("content", JSONB, nullable=False),
)
Index(
    "ix_watchlist_entries_current",
    watchlist_entries.c.list,
    postgresql_where=watchlist_entries.c.until_version.is_(None),
)

rescreens = Table(
    "rescreens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("list", LIST_NAME, comment="null: everybody against every list"),
    Column("number", Integer),
    Column("reason", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("last_person", Uuid, comment="how far it got, in the order of person ids"),
    Column("screened", Integer, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("holds", Integer, nullable=False),
)
Index(
    "ix_rescreens_open", rescreens.c.started_at, postgresql_where=rescreens.c.finished_at.is_(None)
)
