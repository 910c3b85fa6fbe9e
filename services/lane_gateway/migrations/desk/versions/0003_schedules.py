"""When lanes change by themselves, and the last change that was carried out."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.instants import Instant

revision = "0003_schedules"
down_revision = "0002_old_words"


def upgrade() -> None:
    op.create_table(
        "switches",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("lane", sa.String(12), nullable=False, index=True),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("lane_type", sa.String(12), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    op.add_column("lanes", sa.Column("switched_at", Instant))


def downgrade() -> None:
    op.drop_column("lanes", "switched_at")
    op.drop_table("switches")
