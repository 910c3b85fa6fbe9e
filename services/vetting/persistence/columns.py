"""Kinds of columns that several of vetting's tables have."""

from sqlalchemy import Enum, String

STAFF = String(120)
LIST_NAME = String(40)
ENTRY = String(80)


def word(kind: type) -> Enum:
    """Return the column of a state or kind, kept as its word."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda words: [str(word.value) for word in words],
    )
