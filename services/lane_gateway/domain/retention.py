"""How long a site keeps plates and officers' words, as dated rows.

They rest sealed in the lanes' files and in the desk's. Display records go by message alone.
"""

from datetime import date

from shared.retention import RetentionRow, Unit

LANE_WORDS = "lane_words"
CHIP_CHALLENGES = "chip_challenges"

OWN_RULE = "This system's own rule; no law that we know sets a period"
FIRST_DAY = date(2026, 1, 1)

RETENTION = (
    RetentionRow(
        kind=LANE_WORDS, keeps=90, unit=Unit.DAYS, source=OWN_RULE, effective_from=FIRST_DAY
    ),
    RetentionRow(
        kind=CHIP_CHALLENGES, keeps=1, unit=Unit.DAYS, source=OWN_RULE, effective_from=FIRST_DAY
    ),
)
"""Plates and words from the day of their entry: as long as crossings are kept with the person.

A challenge is of use only while its answer is judged; what came of it stays with the passage.
"""
