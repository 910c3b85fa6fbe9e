"""Officers' passkeys at the sites, and which roster each site was sent last."""

from sqlalchemy import BigInteger, Column, String, Table, Text, Uuid

from services.enrollment.persistence.columns import AsJson
from services.enrollment.persistence.schema import metadata
from shared.persistence.instants import Instant

passkeys = Table(
    "passkeys",
    metadata,
    Column("site", String(12), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("credential_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("officer", String(120), nullable=False),
    Column("authority", Text, nullable=False),
    Column("roles", AsJson(list, tuple), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("confirmed_by", String(120)),
    Column("confirmed_at", Instant),
    Column("dropped_by", String(120)),
    Column("dropped_at", Instant),
)

rosters = Table(
    "rosters",
    metadata,
    Column("site", String(12), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("signed_at", Instant, nullable=False, index=True),
)
