"""The kernel's table of retention runs as a migration of each central database makes it; frozen."""

import sqlalchemy as sa
from alembic import op


def create_retention_runs() -> None:
    """Make the table."""
    op.create_table(
        "retention_runs",
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True)),
        sa.Column("total", sa.BigInteger, nullable=False),
    )


def drop_retention_runs() -> None:
    """Remove it."""
    op.drop_table("retention_runs")
