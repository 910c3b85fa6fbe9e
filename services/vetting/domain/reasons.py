"""Why a decision was made: codes that travel to the letter, never free text.

The grounds follow 8 CFR 235.12(b)(2)(i)-(vii) for travelers. A letter always has four parts:
the reasons, how to ask for more, the ways of redress and the deadline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.vetting.domain.case_states import ADVERSE, Outcome
from shared.errors import InvalidInput


class Reason(StrEnum):
    """The grounds on which an adverse decision can rest, and what speaks for a good one."""

    FALSE_INFORMATION = "false_information"
    CRIMINAL_RECORD = "criminal_record"
    CUSTOMS_VIOLATION = "customs_violation"
    UNDER_INVESTIGATION = "under_investigation"
    INADMISSIBLE = "inadmissible"
    TERRORISM = "terrorism"
    LOW_RISK_NOT_SHOWN = "low_risk_not_shown"
    DOCUMENT_NOT_VALID = "document_not_valid"
    INFORMATION_NOT_SUPPLIED = "information_not_supplied"
    NOTHING_FOUND = "nothing_found"
    FINDING_EXPLAINED = "finding_explained"
    NOT_THE_SAME_PERSON = "not_the_same_person"


RULES = {
    Reason.FALSE_INFORMATION: "8 CFR 235.12(b)(2)(i)",
    Reason.CRIMINAL_RECORD: "8 CFR 235.12(b)(2)(ii)",
    Reason.CUSTOMS_VIOLATION: "8 CFR 235.12(b)(2)(iii)",
    Reason.UNDER_INVESTIGATION: "8 CFR 235.12(b)(2)(iv)",
    Reason.INADMISSIBLE: "8 CFR 235.12(b)(2)(v)",
    Reason.TERRORISM: "8 CFR 235.12(b)(2)(vi)",
    Reason.LOW_RISK_NOT_SHOWN: "8 CFR 235.12(b)(2)(vii)",
}
"""The rule behind each ground that a regulation names."""

GOOD = (Reason.NOTHING_FOUND, Reason.FINDING_EXPLAINED, Reason.NOT_THE_SAME_PERSON)
GROUNDS = tuple(reason for reason in Reason if reason not in GOOD)
UNDISCLOSED = frozenset({Reason.UNDER_INVESTIGATION, Reason.TERRORISM})
"""Grounds that a notice may not name; it says so, with the rule that forbids it."""

UNDISCLOSED_RULE = "5 USC 552(b)(7)"
UNDISCLOSED_NOTICE = "reason.not_disclosed"
REDRESS_DAYS = 30
ALWAYS_IN_A_LETTER = ("ask.specific_reasons", "redress.routes", f"deadline.{REDRESS_DAYS}_days")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What the letter to the person is made of."""

    reason_codes: tuple[str, ...]
    text_codes: tuple[str, ...]
    undisclosed_rule: str | None = None


def reasons_for(outcome: Outcome) -> tuple[Reason, ...]:
    """Return the reasons that can be given for an outcome."""
    return GROUNDS if outcome in ADVERSE else GOOD


def check_reasons(outcome: Outcome, reasons: Sequence[Reason]) -> None:
    """Raise ``InvalidInput`` unless every reason is one for this outcome and there is one."""
    if not reasons:
        raise InvalidInput({"reasons": ["required"]}, "A decision needs a reason")
    if not set(reasons) <= set(reasons_for(outcome)):
        raise InvalidInput({"reasons": ["not_for_outcome"]}, "A reason does not fit the outcome")


def notice_for(outcome: Outcome, reasons: Sequence[Reason]) -> Notice:
    """Return the codes of the letter; an adverse one has all four parts."""
    if outcome not in ADVERSE:
        return Notice(reason_codes=tuple(map(str, reasons)), text_codes=(f"notice.{outcome}",))
    told = [reason for reason in reasons if reason not in UNDISCLOSED]
    hidden = len(told) < len(reasons)
    texts = [f"notice.{outcome}", *(f"reason.{reason}" for reason in told)]
    return Notice(
        reason_codes=tuple(map(str, told)),
        text_codes=(*texts, *((UNDISCLOSED_NOTICE,) if hidden else ()), *ALWAYS_IN_A_LETTER),
        undisclosed_rule=UNDISCLOSED_RULE if hidden else None,
    )
