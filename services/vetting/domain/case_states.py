"""The states of a case and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from shared.errors import Conflict


class Kind(StrEnum):
    """What a case is about."""

    APPLICATION = "application"
    REVIEW = "review"
    REDRESS = "redress"
    QUALITY = "quality"


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"
    CLAIMED = "claimed"
    IN_REVIEW = "in_review"
    WAITING_APPLICANT = "waiting_applicant"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How a case ends."""

    APPROVE = "approve"
    DENY = "deny"
    KEEP = "keep"
    SUSPEND = "suspend"
    REVOKE = "revoke"
    UPHOLD = "uphold"
    GRANT = "grant"


OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = {
    Kind.APPLICATION: (Outcome.APPROVE, Outcome.DENY),
    Kind.REVIEW: (Outcome.KEEP, Outcome.SUSPEND, Outcome.REVOKE),
    Kind.REDRESS: (Outcome.UPHOLD, Outcome.GRANT),
    Kind.QUALITY: (Outcome.KEEP, Outcome.SUSPEND, Outcome.REVOKE),
}
ADVERSE = frozenset({Outcome.DENY, Outcome.SUSPEND, Outcome.REVOKE, Outcome.UPHOLD})

ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.CLAIMED, Status.WITHDRAWN}),
    Status.CLAIMED: frozenset({Status.IN_REVIEW, Status.NEW, Status.WITHDRAWN}),
    Status.IN_REVIEW: frozenset(
        {
            Status.WAITING_APPLICANT,
            Status.PROPOSED,
            Status.DECIDED,
            Status.NEW,
            Status.WITHDRAWN,
        }
    ),
    Status.WAITING_APPLICANT: frozenset({Status.IN_REVIEW, Status.WITHDRAWN}),
    Status.PROPOSED: frozenset({Status.DECIDED, Status.IN_REVIEW}),
    Status.DECIDED: frozenset({Status.REOPENED}),
    Status.REOPENED: frozenset({Status.CLAIMED}),
    Status.WITHDRAWN: frozenset(),
}

UNCLAIMED = frozenset({Status.NEW, Status.REOPENED})
HELD_BY_OFFICER = frozenset({Status.CLAIMED, Status.IN_REVIEW})
OPEN = frozenset(Status) - {Status.DECIDED, Status.WITHDRAWN}

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(Conflict):
    """The thing is not in a state that permits the move."""

    code = "illegal_transition"


def moved(allowed: Mapping[S, frozenset[S]], current: S, wanted: S, *, thing: str) -> S:
    """Return ``wanted`` if the table leads there, or raise ``IllegalTransition``."""
    if wanted not in allowed[current]:
        raise IllegalTransition(f"A {thing} that is {current} cannot become {wanted}")
    return wanted
