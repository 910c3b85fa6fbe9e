"""What retention needs: from when a passage is kept, what was forgotten, and quick ways to find it.

Passages that are there already are kept from their own times; one without any, from today on.
"""

import sqlalchemy as sa
from alembic import op

from shared.persistence.kernel_v2 import create_retention_runs, drop_retention_runs

revision = "0006_retention"
down_revision = "0005_crossings"

NEVER_A_MEMBER = "form_sealed IS NOT NULL AND status IN ('denied', 'draft', 'lapsed', 'withdrawn')"


def upgrade() -> None:
    create_retention_runs()
    op.add_column(
        "passages",
        sa.Column(
            "kept_from",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
    )
    op.add_column(
        "passages",
        sa.Column(
            "forgotten_at",
            sa.DateTime(timezone=True),
            comment="since then nobody knows who it was",
        ),
    )
    op.execute(
        "UPDATE passages SET kept_from = least(read_at, shown_at, decided_at, gate_at) "
        "WHERE least(read_at, shown_at, decided_at, gate_at) IS NOT NULL"
    )
    op.create_index(
        "ix_passages_kept",
        "passages",
        ["kept_from"],
        postgresql_where=sa.text("forgotten_at IS NULL"),
    )
    op.create_index(
        "ix_applications_kept",
        "applications",
        ["created_at"],
        postgresql_where=sa.text(NEVER_A_MEMBER),
    )


def downgrade() -> None:
    op.drop_index("ix_applications_kept", table_name="applications")
    op.drop_index("ix_passages_kept", table_name="passages")
    op.drop_column("passages", "forgotten_at")
    op.drop_column("passages", "kept_from")
    drop_retention_runs()
