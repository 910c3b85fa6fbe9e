"""What holds for every case: terms, order in the queue, and when a decision can be taken."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import IntEnum

from services.vetting.domain.case_states import ADVERSE, OUTCOMES, Kind, Outcome
from services.vetting.domain.findings import found_in
from services.vetting.domain.hit import Hit, Verdict
from services.vetting.domain.reasons import Reason, check_reasons
from shared.errors import Conflict, Forbidden, InvalidInput

LEASE = timedelta(minutes=30)
"""An officer who does nothing for so long has left the desk; the case goes back to the queue."""

DUE: Mapping[Kind, timedelta] = {
    Kind.APPLICATION: timedelta(days=30),
    Kind.REVIEW: timedelta(days=10),
    Kind.REDRESS: timedelta(days=30),
    Kind.QUALITY: timedelta(days=30),
}
DUE_UNDER_HOLD = timedelta(hours=72)
"""A review behind a hold has to be decided before the hold runs out."""

LONGEST_NOTE = 4_000


class Priority(IntEnum):
    """What matters most comes first."""

    HOLD = 0
    STRONG_HIT = 1
    HIT = 2
    NONE = 3


class ClaimedByOther(Conflict):
    """Another officer has the case."""

    code = "claimed_by_other"


class NotHolder(Forbidden):
    """The officer does not have the case, or has lost it."""

    code = "not_holder"


class HitsOpen(Conflict):
    """A hit has not been judged yet."""

    code = "hits_open"


class SameOfficer(Forbidden):
    """The second approval needs another officer."""

    code = "same_officer"


def needs_second(outcome: Outcome, findings: Sequence[object], hits: Sequence[Hit]) -> bool:
    """Whether the outcome is adverse, or good in spite of a finding."""
    return outcome in ADVERSE or bool(findings) or any(found_in(hits))


def must_be_judged(hits: Sequence[Hit]) -> None:
    """Raise ``HitsOpen`` while a hit is not judged."""
    if any(hit.verdict is Verdict.OPEN for hit in hits):
        raise HitsOpen("Every hit has to be judged before a decision")


def check_decision(
    kind: Kind, outcome: Outcome, reasons: Sequence[Reason], note: str, *, needs_note: bool
) -> None:
    """Raise ``InvalidInput`` unless outcome, reasons and note make a decision."""
    if outcome not in OUTCOMES[kind]:
        raise InvalidInput({"outcome": ["not_for_kind"]}, "The outcome does not fit the case")
    check_reasons(outcome, reasons)
    if len(note) > LONGEST_NOTE or (needs_note and not note.strip()):
        raise InvalidInput({"note": ["required"]}, "The second officer needs the reasons")
