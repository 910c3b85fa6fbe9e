"""How retention is spoken of: kinds of records, and where a rule comes from."""

from collections.abc import Mapping

from services.vetting.domain.retention import CLOSED_CASES
from shared.web.language import lazy as _l
from shared.web.retention import KindWords

KINDS: Mapping[str, KindWords] = {
    CLOSED_CASES: KindWords(
        name=_l("Decided and withdrawn cases of people who are not members, from their last day"),
        then=_l(
            "Emptied: dossier, hits, findings, notes and interviews; how it was decided, stays"
        ),
    ),
}
SOURCES = (_l("This system's own rule; no law that we know sets a period"),)
"""Every source that a row names, for the catalog."""
