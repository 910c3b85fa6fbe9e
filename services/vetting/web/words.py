"""What the codes of the domain are called on pages."""

from collections.abc import Mapping

from services.vetting.domain.case_states import Kind, Outcome, Status
from services.vetting.domain.findings import Source
from services.vetting.domain.hit import Verdict
from services.vetting.domain.hold import Why
from services.vetting.domain.reasons import Reason
from services.vetting.use_cases.reading import Order, View
from shared.web.language import Text
from shared.web.language import lazy as _l

Words = Mapping[str, Text]

KINDS: Words = {
    Kind.APPLICATION: _l("Application"),
    Kind.REVIEW: _l("Review of a member"),
    Kind.REDRESS: _l("Redress"),
    Kind.QUALITY: _l("Quality review"),
}
STATUSES: Words = {
    Status.NEW: _l("New"),
    Status.CLAIMED: _l("Claimed"),
    Status.IN_REVIEW: _l("In review"),
    Status.WAITING_APPLICANT: _l("Waiting for the applicant"),
    Status.PROPOSED: _l("Waiting for second approval"),
    Status.DECIDED: _l("Decided"),
    Status.REOPENED: _l("Reopened"),
    Status.WITHDRAWN: _l("Withdrawn"),
}
STATUS_TONES: Mapping[str, str] = {
    Status.NEW: "info",
    Status.CLAIMED: "neutral",
    Status.IN_REVIEW: "neutral",
    Status.WAITING_APPLICANT: "warn",
    Status.PROPOSED: "warn",
    Status.DECIDED: "good",
    Status.REOPENED: "info",
    Status.WITHDRAWN: "neutral",
}
OUTCOMES: Words = {
    Outcome.APPROVE: _l("Approve"),
    Outcome.DENY: _l("Deny"),
    Outcome.KEEP: _l("Keep the membership"),
    Outcome.SUSPEND: _l("Suspend the membership"),
    Outcome.REVOKE: _l("Revoke the membership"),
    Outcome.UPHOLD: _l("Uphold the decision"),
    Outcome.GRANT: _l("Grant the redress"),
}
REASONS: Words = {
    Reason.FALSE_INFORMATION: _l("False or incomplete information"),
    Reason.CRIMINAL_RECORD: _l("Arrest, conviction, pending charge or warrant"),
    Reason.CUSTOMS_VIOLATION: _l("Violation of customs, immigration or agriculture rules"),
    Reason.UNDER_INVESTIGATION: _l("Subject of an investigation"),
    Reason.INADMISSIBLE: _l("Inadmissible, or admitted by waiver or parole"),
    Reason.TERRORISM: _l("Known or suspected terrorism"),
    Reason.LOW_RISK_NOT_SHOWN: _l("Low risk was not shown"),
    Reason.DOCUMENT_NOT_VALID: _l("A document is not valid"),
    Reason.INFORMATION_NOT_SUPPLIED: _l("Requested information was not supplied"),
    Reason.NOTHING_FOUND: _l("Nothing was found"),
    Reason.FINDING_EXPLAINED: _l("What was found is explained"),
    Reason.NOT_THE_SAME_PERSON: _l("The listed person is somebody else"),
}
VERDICTS: Words = {
    Verdict.OPEN: _l("Not judged yet"),
    Verdict.TRUE_MATCH: _l("Same person"),
    Verdict.FALSE_MATCH: _l("Somebody else"),
    Verdict.INCONCLUSIVE: _l("Cannot be told"),
}
VERDICT_TONES: Mapping[str, str] = {
    Verdict.OPEN: "info",
    Verdict.TRUE_MATCH: "bad",
    Verdict.FALSE_MATCH: "good",
    Verdict.INCONCLUSIVE: "warn",
}
PRIORITIES: Mapping[int, Text] = {
    0: _l("Member on hold"),
    1: _l("Strong hit"),
    2: _l("To be looked at"),
    3: _l("Nothing found"),
}
PRIORITY_TONES: Mapping[int, str] = {0: "bad", 1: "warn", 2: "info", 3: "neutral"}
SOURCES: Words = {
    Source.DISCLOSURE: _l("Said by the applicant"),
    Source.INTERVIEW: _l("From the interview"),
    Source.SCREENING: _l("From the screening"),
    Source.WATCHLIST: _l("From a watchlist"),
}
HOLD_ENDS: Words = {
    Why.CLEARED: _l("Cleared"),
    Why.EXPIRED: _l("Expired"),
    Why.SUSPENDED: _l("Replaced by a decision"),
}
HOLD_ERRORS: Words = {
    "nothing_to_hold": _l("There is no membership to hold, or it is on hold already."),
}
VIEWS: Words = {
    View.WAITING: _l("Waiting for an officer"),
    View.MINE: _l("My cases"),
    View.PROPOSED: _l("Second approval"),
    View.OPEN: _l("All open"),
    View.CLOSED: _l("Closed"),
}
ORDERS: Words = {
    Order.PRIORITY: _l("What matters most"),
    Order.DUE: _l("What is due first"),
    Order.AGE: _l("What is oldest"),
}
PROGRAMS: Words = {"sentri": _l("SENTRI")}
PURPOSES: Words = {
    "new": _l("First application"),
    "renewal": _l("Renewal"),
    "add_vehicle": _l("Add a vehicle"),
    "replace_card": _l("Replace a card"),
    "update": _l("Update of data"),
}
MEMBERSHIPS: Words = {
    "active": _l("Active"),
    "held": _l("On hold"),
    "suspended": _l("Suspended"),
    "revoked": _l("Revoked"),
    "ended": _l("Ended"),
}
MEMBERSHIP_TONES: Mapping[str, str] = {
    "active": "good",
    "held": "warn",
    "suspended": "bad",
    "revoked": "bad",
    "ended": "neutral",
}


def word(words: Mapping[str, Text], code: object) -> str:
    """Return what ``code`` is called, or the code itself where it is new to us."""
    found = words.get(str(code))
    return str(code) if found is None else str(found)
