"""A quick way to the challenges to chips that are still there: retention empties them each day."""

import sqlalchemy as sa
from alembic import op

revision = "0003_chip_challenges"
down_revision = "0002_old_words"


def upgrade() -> None:
    op.create_index(
        "entries_with_challenge",
        "entries",
        ["at"],
        sqlite_where=sa.text("""instr(body, '"challenge":"sealed:') > 0"""),
    )


def downgrade() -> None:
    op.drop_index("entries_with_challenge", table_name="entries")
