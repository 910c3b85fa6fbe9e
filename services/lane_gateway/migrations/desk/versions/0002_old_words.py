"""A quick way to the commands that hold a plate or words, oldest first: retention empties them."""

import sqlalchemy as sa
from alembic import op

revision = "0002_old_words"
down_revision = "0001_desk"


def upgrade() -> None:
    op.create_index(
        "commands_with_sealed",
        "commands",
        ["at"],
        sqlite_where=sa.text("reason IS NOT NULL OR plate IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("commands_with_sealed", table_name="commands")
