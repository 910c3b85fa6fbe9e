"""What the events of a case are called in its history."""

from collections.abc import Mapping

from services.vetting.use_cases.reading import TimelineRow
from services.vetting.web.words import HOLD_ENDS, KINDS, OUTCOMES, VERDICTS, Words, word
from shared.web.language import lazy as _l

EVENTS: Words = {
    "case_opened": _l("Case opened"),
    "case_claimed": _l("Claimed"),
    "review_started": _l("Review started"),
    "case_returned": _l("Back in the queue"),
    "information_requested": _l("Applicant asked"),
    "information_received": _l("Answer received"),
    "finding_added": _l("Finding noted"),
    "decision_proposed": _l("Decision proposed"),
    "proposal_returned": _l("Proposal returned"),
    "case_decided": _l("Decided"),
    "case_reopened": _l("Reopened"),
    "case_withdrawn": _l("Withdrawn by the applicant"),
    "hit_found": _l("Hit found by screening"),
    "hit_adjudicated": _l("Hit judged"),
    "hold_placed": _l("Hold placed"),
    "hold_extended": _l("Hold extended"),
    "hold_lifted": _l("Hold lifted"),
    "interview_recorded": _l("Interview recorded"),
    "alarm_raised": _l("Alarm raised"),
    "tie_declared": _l("An officer declared a tie"),
}
DETAILS: Words = {
    "released": _l("given back"),
    "lease_lost": _l("nobody worked on it for half an hour"),
    "new_hit": _l("a new hit"),
    "interview": _l("the interview"),
    "officer": _l("an officer takes it up again"),
    "passed": _l("passed"),
    "failed": _l("not passed"),
    "referred": _l("referred to vetting"),
    "hold_expired": _l("a hold ran out undecided"),
}
WORDS_OF: Mapping[str, Words] = {
    "case_opened": KINDS,
    "hit_adjudicated": VERDICTS,
    "hold_lifted": HOLD_ENDS,
    "decision_proposed": OUTCOMES,
    "case_decided": OUTCOMES,
}


def told(row: TimelineRow) -> str:
    """Return one line of the history in words."""
    what = word(EVENTS, row.event)
    if not row.detail:
        return what
    return f"{what}: {word(WORDS_OF.get(row.event, DETAILS), row.detail)}"
