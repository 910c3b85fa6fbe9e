"""Watchlists, whose entries rest once for all versions that share them, and re-screening."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_watchlists"
down_revision = "0002_people_cases_and_holds"


def upgrade() -> None:
    op.create_table(
        "rescreens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "list",
            sa.String(length=40),
            nullable=True,
            comment="null: everybody against every list",
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_person",
            sa.Uuid(),
            nullable=True,
            comment="how far it got, in the order of person ids",
        ),
        sa.Column("screened", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_rescreens_open",
        "rescreens",
        ["started_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.String(length=80), nullable=False),
        sa.Column("from_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "until_version",
            sa.Integer(),
            nullable=True,
            comment="the first version without it; null while current",
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("list", "entry", "from_version"),
    )
    op.create_index(
        "ix_watchlist_entries_current",
        "watchlist_entries",
        ["list"],
        unique=False,
        postgresql_where=sa.text("until_version IS NULL"),
    )
    op.create_table(
        "watchlist_versions",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=120), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False, comment="numbers of the entries"),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("list", "number"),
    )
    op.create_table(
        "watchlists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.Column("birth_dates", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loaded_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def downgrade() -> None:
    op.drop_table("watchlists")
    op.drop_table("watchlist_versions")
    op.drop_table("watchlist_entries")
    op.drop_table("rescreens")
