"""Since when a card is flagged because it was in two places, and where the sites lie."""

import sqlalchemy as sa
from alembic import op

revision = "0008_flags"
down_revision = "0007_selections"


def upgrade() -> None:
    op.add_column("cards", sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sites", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("sites", sa.Column("longitude", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("sites", "longitude")
    op.drop_column("sites", "latitude")
    op.drop_column("cards", "flagged_at")
