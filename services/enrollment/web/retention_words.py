"""How retention is spoken of: kinds of records, and where a rule comes from."""

from collections.abc import Mapping

from services.enrollment.domain.retention import CROSSINGS, DRAFTS, UNSUCCESSFUL
from shared.web.language import lazy as _l
from shared.web.retention import KindWords

KINDS: Mapping[str, KindWords] = {
    DRAFTS: KindWords(
        name=_l("Drafts of applications, from the day they were begun"),
        then=_l("Deleted with everything in them"),
    ),
    UNSUCCESSFUL: KindWords(
        name=_l("Denied, withdrawn and lapsed applications, from their last day"),
        then=_l("Emptied: form, answers, decision and interview; that they were made, stays"),
    ),
    CROSSINGS: KindWords(
        name=_l("Crossings, from the day of the crossing"),
        then=_l("Kept without the person: no person, no card, no words about them"),
    ),
}
SOURCES = (_l("This system's own rule; no law that we know sets a period"),)
"""Every source that a row names, for the catalog."""
