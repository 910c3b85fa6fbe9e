"""How long enrollment keeps what it is told, as dated rows.

No source that we have gives a period for these records: the rows are this system's own rule, and
an authority that has another law adds a row with its first day and its source.
"""

from datetime import date

from shared.retention import RetentionRow, Unit

DRAFTS = "drafts"
UNSUCCESSFUL = "unsuccessful_applications"
CROSSINGS = "crossings"

OWN_RULE = "This system's own rule; no law that we know sets a period"
FIRST_DAY = date(2026, 1, 1)

RETENTION = (
    RetentionRow(kind=DRAFTS, keeps=180, unit=Unit.DAYS, source=OWN_RULE, effective_from=FIRST_DAY),
    RetentionRow(
        kind=UNSUCCESSFUL, keeps=3, unit=Unit.YEARS, source=OWN_RULE, effective_from=FIRST_DAY
    ),
    RetentionRow(
        kind=CROSSINGS, keeps=90, unit=Unit.DAYS, source=OWN_RULE, effective_from=FIRST_DAY
    ),
)
"""Drafts from their first day, unsuccessful applications from their last, crossings from theirs."""
