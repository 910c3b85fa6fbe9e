"""Words for selection by chance: what became of the selected, and what a proof found."""

from collections.abc import Mapping

from shared.web.language import Text
from shared.web.language import lazy as _l

OUTCOMES: Mapping[str, Text] = {
    "open": _l("Not over yet"),
    "secondary": _l("Sent to secondary"),
    "after_checks": _l("Admitted after checks"),
    "redirect": _l("Sent to another lane"),
    "turned_back": _l("Turned back"),
    "otherwise": _l("Opened by hand, or lost from sight"),
}
"""Every ``Outcome`` of the domain."""

FLAWS: Mapping[str, Text] = {
    "not_revealed": _l("The seed is not told yet"),
    "commitment_differs": _l("The seed is not the one that the lane was bound to"),
    "drawn_before": _l("A vehicle was drawn before the lane was bound to its seed"),
    "numbers_differ": _l("Numbers are missing or repeated"),
    "outcome_differs": _l("A draw has another outcome than the seed gives"),
    "drawn_twice": _l("A vehicle was drawn twice"),
    "not_drawn": _l("A vehicle was cleared without a draw"),
}
"""Every ``Flaw`` of the domain."""
