"""The worker's mailboxes, the site's state and what was carried away."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.kernel_v1 import create_audit, create_mailboxes, drop_audit, drop_mailboxes

revision = "0001_carrier"
down_revision = None


def upgrade() -> None:
    create_mailboxes()
    create_audit()
    op.create_table(
        "site_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("head_position", sa.Integer, nullable=False),
        sa.Column("head_at", sa.DateTime(timezone=True)),
        sa.Column("head_arrived_at", sa.DateTime(timezone=True)),
        sa.Column("head_monotonic", sa.Float),
        sa.Column("head_boot_id", sa.String(40)),
    )
    op.create_table(
        "carried",
        sa.Column("file", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("carried")
    op.drop_table("site_state")
    drop_audit()
    drop_mailboxes()
