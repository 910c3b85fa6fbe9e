"""Memberships and cards; one membership a person, one card in use, no number twice."""

import sqlalchemy as sa
from alembic import op

revision = "0003_memberships"
down_revision = "0002_applications"


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=24), nullable=False),
        sa.Column("passid", sa.String(length=9), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("grace_until", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id"),
        sa.UniqueConstraint("passid"),
    )
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"], unique=False)
    op.create_index(
        "uq_memberships_person",
        "memberships",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status != 'ended'"),
    )
    op.create_table(
        "member_vehicles",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("vin_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["memberships.id"],
        ),
        sa.PrimaryKeyConstraint("membership_id", "vin_index"),
    )
    op.create_index(
        op.f("ix_member_vehicles_person_id"), "member_vehicles", ["person_id"], unique=False
    )
    op.create_index("ix_member_vehicles_vin", "member_vehicles", ["vin_index"], unique=False)
    op.create_table(
        "cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epc", sa.LargeBinary(), nullable=False),
        sa.Column("tid_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activate_by", sa.Date(), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tid_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("secrets_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["memberships.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("epc"),
        sa.UniqueConstraint("tid_digest"),
    )
    op.create_index("ix_cards_activation", "cards", ["status", "activate_by"], unique=False)
    op.create_index(op.f("ix_cards_membership_id"), "cards", ["membership_id"], unique=False)
    op.create_index(op.f("ix_cards_person_id"), "cards", ["person_id"], unique=False)
    op.create_index(
        "uq_cards_in_use",
        "cards",
        ["membership_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('active', 'encoded', 'mailed', 'ordered')"),
    )


def downgrade() -> None:
    op.drop_table("cards")
    op.drop_table("member_vehicles")
    op.drop_table("memberships")
