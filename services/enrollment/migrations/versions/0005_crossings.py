"""What sites report, and receipts of erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0005_crossings"
down_revision = "0004_feed"


def upgrade() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=24), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("authorisation", sa.String(length=24), nullable=False),
        sa.Column("officer", sa.String(length=120), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("list_number", sa.BigInteger(), nullable=True),
        sa.Column("list_age_s", sa.Float(), nullable=True),
        sa.Column("referral_end", sa.String(length=24), nullable=True),
        sa.Column("referral_reason", sa.String(length=200), nullable=True),
        sa.Column("referral_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_passages_when", "passages", ["site", "decided_at"], unique=False)
    op.create_table(
        "crossings",
        sa.Column("passage_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("inspection_result", sa.String(length=24), nullable=True),
        sa.Column("inspection_type", sa.String(length=60), nullable=True),
        sa.Column("inspection_note", sa.Text(), nullable=True, comment="sealed to vetting"),
        sa.Column("inspected_by", sa.String(length=120), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("passage_id", "credential_id"),
    )
    op.create_index("ix_crossings_credential", "crossings", ["credential_id"], unique=False)
    op.create_index(op.f("ix_crossings_person_id"), "crossings", ["person_id"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.String(length=120), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=120), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "holder"),
    )


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_table("alarms")
    op.drop_table("crossings")
    op.drop_table("passages")
