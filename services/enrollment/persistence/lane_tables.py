"""Tables of the feed and of what sites report: no names, no pictures, no keys."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
    func,
)

from services.enrollment.persistence.columns import AsJson
from services.enrollment.persistence.schema import metadata
from shared.persistence.instants import Instant

credentials = Table(
    "credentials",
    metadata,
    Column("credential_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("epc", LargeBinary, nullable=False, unique=True),
    Column("entry", Text, nullable=False, comment="canonical JSON of the newest entry"),
)

feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("credential_id", Uuid),
    Column("entry", Text, nullable=False, comment="canonical JSON, as it is hashed"),
    Column("hash", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_feed_credential", feed.c.credential_id)
Index("ix_feed_kind", feed.c.kind, feed.c.position)

feed_tail = Table(
    "feed_tail",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("head_at", Instant),
)

feed_log = Table(
    "feed_log",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False, comment="the last one that the log confirmed"),
)

sites = Table(
    "sites",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("sealing_key", Text, nullable=False),
    Column("client_key", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
)

feed_reports = Table(
    "feed_reports",
    metadata,
    Column("site", String(12), ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("applied_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
)

display_records = Table(
    "display_records",
    metadata,
    Column("credential_id", Uuid, primary_key=True),
    Column("site", String(12), ForeignKey("sites.id"), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("there", Integer, nullable=False, comment="1 while the site is to have the record"),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site", String(12), nullable=False),
    Column("lane", String(40), nullable=False),
    Column("verdict", String(24), nullable=False),
    Column("reasons", AsJson(list, tuple), nullable=False),
    Column("authorisation", String(24), nullable=False),
    Column("officer", String(120), nullable=False),
    Column("counted", Integer),
    Column("read_at", Instant),
    Column("shown_at", Instant),
    Column("decided_at", Instant),
    Column("gate_at", Instant),
    Column("list_number", BigInteger),
    Column("list_age_s", Float),
    Column("referral_end", String(24)),
    Column("referral_reason", String(200)),
    Column("referral_at", Instant),
    Column("kept_from", Instant, nullable=False, server_default=func.now()),
    Column("forgotten_at", Instant, comment="since then nobody knows who it was"),
)
Index("ix_passages_when", passages.c.site, passages.c.decided_at)
Index(
    "ix_passages_kept",
    passages.c.kept_from,
    postgresql_where=passages.c.forgotten_at.is_(None),
)

crossings = Table(
    "crossings",
    metadata,
    Column("passage_id", Uuid, primary_key=True),
    Column("credential_id", Uuid, primary_key=True),
    Column("person_id", Uuid, index=True),
    Column("inspection_result", String(24)),
    Column("inspection_type", String(60)),
    Column("inspection_note", Text, comment="sealed to vetting"),
    Column("inspected_by", String(120)),
    Column("inspected_at", Instant),
)
Index("ix_crossings_credential", crossings.c.credential_id)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site", String(12), nullable=False),
    Column("code", String(60), nullable=False),
    Column("lane", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("officer", String(120), nullable=False),
    Column("acknowledged_by", String(120)),
    Column("acknowledged_at", Instant),
)

selections = Table(
    "selections",
    metadata,
    Column("site", String(12), primary_key=True),
    Column("lane", String(40), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("ppm", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("seed", String(64)),
    Column("draws", Integer),
    Column("told_at", Instant),
    Column("holds", Integer, comment="1 where the seed is the one that the lane was bound to"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("holder", String(40), primary_key=True),
    Column("rows", Integer),
    Column("at", Instant),
)

client_assertions = Table(
    "client_assertions",
    metadata,
    Column("jti", String(160), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
