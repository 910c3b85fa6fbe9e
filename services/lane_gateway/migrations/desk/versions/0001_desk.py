"""Lanes and their staff, officers' commands, secondary visits and acknowledged alarms."""

import sqlalchemy as sa
from alembic import op

from shared.persistence.kernel_v1 import create_audit, create_mailboxes, drop_audit, drop_mailboxes

revision = "0001_desk"
down_revision = None

STATUSES = ("expected", "arrived", "inspected", "released", "missing")


def upgrade() -> None:
    create_mailboxes()
    create_audit()
    op.create_table(
        "lanes",
        sa.Column("lane", sa.String(12), primary_key=True),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("lane_type", sa.String(12), nullable=False),
        sa.Column("direction", sa.String(12), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("counter_grants_automatic", sa.Integer, nullable=False),
        sa.Column("signed_on", sa.String(80)),
        sa.Column("signed_on_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    _create_commands()
    _create_visits()
    op.create_table(
        "acknowledgements",
        sa.Column("alarm_id", sa.Uuid, primary_key=True),
        sa.Column("lane", sa.String(12), nullable=False),
        sa.Column("officer", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _create_commands() -> None:
    op.create_table(
        "commands",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("lane", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("officer", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passage_id", sa.Uuid),
        sa.Column("counted", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("plate", sa.Text),
        sa.Column("region", sa.String(8)),
        sa.Column("epc", sa.String(124)),
        sa.Column("seconds", sa.Float),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_commands_lane", "commands", ["lane"])


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("passage_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("lane", sa.String(12), nullable=False),
        sa.Column("credential_ids", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String(80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, native_enum=False, length=12), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.Column("inspected_at", sa.DateTime(timezone=True)),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("inspected_by", sa.String(80)),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("acknowledgements", "visits", "commands", "lanes"):
        op.drop_table(table)
    drop_audit()
    drop_mailboxes()
