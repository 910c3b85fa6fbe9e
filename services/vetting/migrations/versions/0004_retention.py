"""What retention needs: what was forgotten of each kind, and a quick way to closed cases."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.kernel_v2 import create_retention_runs, drop_retention_runs

revision = "0004_retention"
down_revision = "0003_watchlists"


def upgrade() -> None:
    create_retention_runs()
    op.create_index(
        "ix_cases_kept",
        "cases",
        ["opened_at"],
        postgresql_where=sa.text(
            "findings_sealed IS NOT NULL AND status IN ('decided', 'withdrawn')"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_cases_kept", table_name="cases")
    drop_retention_runs()
