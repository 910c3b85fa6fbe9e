"""Officers' passkeys at the sites: a site that is cut off still knows whom it may let in."""

import sqlalchemy as sa
from alembic import op

revision = "0009_rosters"
down_revision = "0008_flags"


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("officer", sa.String(length=120), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.String(length=120), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("site", "id"),
    )
    op.create_table(
        "rosters",
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_index("ix_rosters_signed_at", "rosters", ["signed_at"])


def downgrade() -> None:
    op.drop_table("rosters")
    op.drop_table("passkeys")
