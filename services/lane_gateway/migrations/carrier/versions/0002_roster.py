"""The newest roster of the site, so that officers sign in while the line is cut."""

import sqlalchemy as sa
from alembic import op

revision = "0002_roster"
down_revision = "0001_carrier"


def upgrade() -> None:
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("roster")
