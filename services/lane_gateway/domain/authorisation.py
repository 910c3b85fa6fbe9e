"""The right of one vehicle to pass one lane once."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.admission import Verdict
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.signals import Sign


class AuthorisationKind(StrEnum):
    """What the gate is opened for."""

    CLEAR = "clear"
    SECONDARY = "secondary"
    REDIRECT = "redirect"
    AFTER_CHECKS = "after_checks"


GREEN_KINDS = frozenset({AuthorisationKind.CLEAR, AuthorisationKind.AFTER_CHECKS})
"""Whoever is sent elsewhere never sees green: the sign says where to go."""

SIGNS = {
    AuthorisationKind.CLEAR: Sign.NONE,
    AuthorisationKind.AFTER_CHECKS: Sign.NONE,
    AuthorisationKind.SECONDARY: Sign.SECONDARY,
    AuthorisationKind.REDIRECT: Sign.REDIRECT,
}

OPEN_WITHIN_AUTOMATIC = 0.25
"""Seconds from the evidence to the coil: a later opening meets another situation at the lane."""
OPEN_WITHIN_OFFICER = 3.0
"""Seconds an officer's admission waits, for the arm to come down behind the vehicle before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorisation:
    """One authorisation, bound to a lane and a passage, used once.

    ``officer`` is ``None`` where the lane decided alone. ``counted`` is the number of occupants
    that the officer or the lane's counter found, ``cards_counted`` the number that the cards
    account for. ``granted`` and ``open_by`` are monotonic times.
    """

    id: UUID
    lane: str
    passage_id: UUID
    kind: AuthorisationKind
    verdict: Verdict
    officer: str | None
    counted: int | None
    cards_counted: int
    reason: str = field(default="", repr=False)
    granted: float
    open_by: float


class Misfit(StrEnum):
    """Why an authorisation is of no kind that fits."""

    NOT_CLEAR = "not_clear"
    COUNT_DIFFERS = "count_differs"
    NO_OFFICER = "no_officer"
    NO_REASON = "no_reason"
    CLEAR_ALREADY = "clear_already"
    CLOSED = "closed"
    NO_COUNTER = "no_counter"
    NO_WATCHDOG = "no_watchdog"


def misfit(
    authorisation: Authorisation,
    *,
    mode: LaneMode,
    signed_on: str | None,
    counter: int | None,
    watchdog: float,
) -> Misfit | None:
    """Return why the authorisation's kind does not fit the lane, or ``None`` where it does.

    ``mode`` is the lane's effective mode, ``signed_on`` the officer signed on to the lane,
    ``counter`` what the lane's occupant counter says now (``None`` without one) and ``watchdog``
    the seconds after which the gate's module lets go of the arm without us.
    """
    if mode is LaneMode.CLOSED:
        return Misfit.CLOSED
    by_officer = authorisation.officer is not None and authorisation.officer == signed_on
    if authorisation.kind is AuthorisationKind.CLEAR:
        return (
            _count_misfit(authorisation)
            or (None if by_officer else _alone_misfit(authorisation, mode))
            or (None if by_officer else _counter_misfit(authorisation, counter, watchdog))
        )
    if not by_officer:
        return Misfit.NO_OFFICER
    if authorisation.kind is AuthorisationKind.AFTER_CHECKS:
        if authorisation.verdict is Verdict.CLEAR:
            return Misfit.CLEAR_ALREADY
        if not authorisation.reason.strip():
            return Misfit.NO_REASON
    return None


def _count_misfit(authorisation: Authorisation) -> Misfit | None:
    if authorisation.verdict is not Verdict.CLEAR:
        return Misfit.NOT_CLEAR
    if authorisation.counted != authorisation.cards_counted:
        return Misfit.COUNT_DIFFERS
    return None


def _alone_misfit(authorisation: Authorisation, mode: LaneMode) -> Misfit | None:
    alone = authorisation.officer is None and mode is LaneMode.AUTOMATIC
    return None if alone else Misfit.NO_OFFICER


def _counter_misfit(
    authorisation: Authorisation, counter: int | None, watchdog: float
) -> Misfit | None:
    if watchdog <= 0:
        return Misfit.NO_WATCHDOG
    if counter is None:
        return Misfit.NO_COUNTER
    return None if counter == authorisation.counted else Misfit.COUNT_DIFFERS
