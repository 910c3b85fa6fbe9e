"""Officers' passkeys, and the passkey by which an override was stepped up."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.instants import Instant

revision = "0004_passkeys"
down_revision = "0003_schedules"


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("credential_id", sa.Text, nullable=False, unique=True),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("officer", sa.String(80), nullable=False, index=True),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("sign_count", sa.Integer, nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("confirmed_by", sa.String(80)),
        sa.Column("confirmed_at", Instant),
        sa.Column("dropped_by", sa.String(80)),
        sa.Column("dropped_at", Instant),
        sa.Column("used_at", Instant),
    )
    op.add_column("commands", sa.Column("passkey", sa.String(64)))


def downgrade() -> None:
    op.drop_column("commands", "passkey")
    op.drop_table("passkeys")
