"""How long vetting keeps what it was told and what it found, as dated rows.

No source that we have gives a period for these records: the row is this system's own rule, and
an authority that has another law adds a row with its first day and its source.
"""

from datetime import date

from shared.retention import RetentionRow, Unit

CLOSED_CASES = "closed_cases"

OWN_RULE = "This system's own rule; no law that we know sets a period"
FIRST_DAY = date(2026, 1, 1)

RETENTION = (
    RetentionRow(
        kind=CLOSED_CASES, keeps=3, unit=Unit.YEARS, source=OWN_RULE, effective_from=FIRST_DAY
    ),
)
"""Cases from the day they were decided or withdrawn; a member's stay while the membership does."""
