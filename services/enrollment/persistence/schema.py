"""What all of enrollment's tables stand in: one schema, with the kernel's tables in it."""

from sqlalchemy import Enum, MetaData

from shared.audit.tables import add_audit
from shared.persistence.mailboxes import add_mailboxes
from shared.persistence.retention_runs import add_retention_runs

metadata = MetaData()
mailboxes = add_mailboxes(metadata)
audit = add_audit(metadata)
retention_runs = add_retention_runs(metadata)


def state(kind: type) -> Enum:
    """Return the type of a column that holds a state by its word."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda states: [str(each.value) for each in states],
    )
