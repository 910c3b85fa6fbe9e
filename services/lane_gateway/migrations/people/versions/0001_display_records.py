"""Display records, sealed to the site."""

import sqlalchemy as sa
from alembic import op

revision = "0001_display_records"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "display_records",
        sa.Column("credential_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("display_records")
