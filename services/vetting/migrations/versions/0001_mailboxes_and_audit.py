"""The mailboxes, data keys and audit that every service has."""

from shared.persistence.kernel_v1 import (
    create_audit,
    create_mailboxes,
    drop_audit,
    drop_mailboxes,
)

revision = "0001_mailboxes_and_audit"
down_revision = None


def upgrade() -> None:
    create_mailboxes()
    create_audit()


def downgrade() -> None:
    drop_audit()
    drop_mailboxes()
