"""The lane's record, its outgoing messages and its audit chain: what a lane starts with."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.kernel_v1 import create_audit, create_outbox, drop_audit, drop_outbox

revision = "0001_record"
down_revision = None


def upgrade() -> None:
    create_outbox()
    create_audit()
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("passage_id", sa.String(36)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("monotonic", sa.Float, nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True)),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("entries_by_kind", "entries", ["kind", "number"])
    op.create_index(
        "entries_by_passage",
        "entries",
        ["passage_id"],
        sqlite_where=sa.text("passage_id IS NOT NULL"),
    )
    op.create_table(
        "live",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("live")
    op.drop_table("entries")
    drop_audit()
    drop_outbox()
