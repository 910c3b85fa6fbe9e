"""A quick way to the entries that hold something sealed, oldest first: retention empties them."""

import sqlalchemy as sa
from alembic import op

revision = "0002_old_words"
down_revision = "0001_record"


def upgrade() -> None:
    op.create_index(
        "entries_with_sealed",
        "entries",
        ["at"],
        sqlite_where=sa.text("""instr(body, '"sealed:') > 0"""),
    )


def downgrade() -> None:
    op.drop_index("entries_with_sealed", table_name="entries")
