"""The numbered credential feed, and the sites that follow it."""

import sqlalchemy as sa
from alembic import op

revision = "0004_feed"
down_revision = "0003_memberships"


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("epc", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False, comment="canonical JSON of the newest entry"),
        sa.PrimaryKeyConstraint("credential_id"),
        sa.UniqueConstraint("epc"),
    )
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False, comment="canonical JSON, as it is hashed"),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("ix_feed_credential", "feed", ["credential_id"], unique=False)
    op.create_index("ix_feed_kind", "feed", ["kind", "position"], unique=False)
    op.create_table(
        "feed_tail",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("head_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "feed_log",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="the last one that the log confirmed"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("sealing_key", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "feed_reports",
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site"],
            ["sites.id"],
        ),
        sa.PrimaryKeyConstraint("site", "number"),
    )
    op.create_table(
        "display_records",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "there", sa.Integer(), nullable=False, comment="1 while the site is to have the record"
        ),
        sa.ForeignKeyConstraint(
            ["site"],
            ["sites.id"],
        ),
        sa.PrimaryKeyConstraint("credential_id", "site"),
    )
    op.create_table(
        "client_assertions",
        sa.Column("jti", sa.String(length=160), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti"),
    )
    op.create_index(
        op.f("ix_client_assertions_until"), "client_assertions", ["until"], unique=False
    )
    op.execute("INSERT INTO feed_tail (id, number, hash) VALUES (1, 0, repeat('0', 64))")
    op.execute("INSERT INTO feed_log (id, number) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("client_assertions")
    op.drop_table("display_records")
    op.drop_table("feed_reports")
    op.drop_table("sites")
    op.drop_table("feed_log")
    op.drop_table("feed_tail")
    op.drop_table("feed")
    op.drop_table("credentials")
