"""What lanes bind themselves to before they draw vehicles by chance, and what they told later."""

import sqlalchemy as sa
from alembic import op

revision = "0007_selections"
down_revision = "0006_retention"


def upgrade() -> None:
    op.create_table(
        "selections",
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("ppm", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("draws", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "holds",
            sa.Integer(),
            nullable=True,
            comment="1 where the seed is the one that the lane was bound to",
        ),
        sa.PrimaryKeyConstraint("site", "lane", "period"),
    )


def downgrade() -> None:
    op.drop_table("selections")
