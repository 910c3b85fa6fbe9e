"""May this vehicle pass? Pure: everything known comes in, a decision goes out.

Cards are decided per vehicle: every card must fit, and the vehicle must be enrolled to at least one
of them where a program asks for that. A wrong lane alone is a redirection and no mark against
anybody; everything else that does not fit is referred to an officer.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.credentials import AgeBand, CardRecord, CardStatus
from services.lane_gateway.domain.evidence import ChipOutcome
from services.lane_gateway.domain.lane_policy import (
    Admittance,
    LanePolicy,
    LaneType,
    ProgramRow,
)
from services.lane_gateway.domain.list_age import ListStanding, ListState, standing
from services.lane_gateway.domain.plate_match import PlateMatch, best_match


class Verdict(StrEnum):
    """What the lane says of a vehicle."""

    CLEAR = "clear"
    REFER = "refer"
    REDIRECT = "redirect"


class Reason(StrEnum):
    """Why a vehicle is not clear."""

    STALE_LIST = "stale_list"
    NO_CARD = "no_card"
    UNKNOWN_NUMBER = "unknown_number"
    TID_UNREAD = "tid_unread"
    TID_MISMATCH = "tid_mismatch"
    NOT_AUTHENTICATED = "not_authenticated"
    CHIP_NO_ANSWER = "chip_no_answer"
    CHIP_ABSENT = "chip_absent"
    WRONG_CHIP_ANSWER = "wrong_chip_answer"
    READ_BY_OFFICER = "read_by_officer"
    INACTIVE = "inactive"
    HELD = "held"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"
    EXPIRED = "expired"
    MEMBER_LIST_AGE = "member_list_age"
    WRONG_LANE = "wrong_lane"
    PLATE_UNREAD = "plate_unread"
    CONFIRM_PLATE = "confirm_plate"
    VEHICLE_NOT_ENROLLED = "vehicle_not_enrolled"
    COUNT_DIFFERS = "count_differs"
    RANDOM_SELECTION = "random_selection"
    NUMBER_IN_TWO_PLACES = "number_in_two_places"
    NEAR_TWO_LANES = "near_two_lanes"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardEvidence:
    """One card in the vehicle: what was read of it and what the list says of its number.

    ``record`` is ``None`` for a number that the list does not know. ``by_officer`` marks a card
    that an officer looked up because it could not be read.
    """

    epc: bytes = field(repr=False)
    tid: bytes | None = field(default=None, repr=False)
    record: CardRecord | None
    chip: ChipOutcome | None = None
    by_officer: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class VehicleEvidence:
    """The vehicle's plate: the camera's reading, or what the officer confirmed or typed."""

    plate: str = field(repr=False)
    region: str
    confidence: float
    by_officer: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CardResult:
    """What became of one card; no reasons means that it fits."""

    epc: bytes = field(repr=False)
    credential_id: UUID | None
    reasons: tuple[Reason, ...]
    in_grace: bool = False
    age_band: AgeBand | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The verdict on a vehicle, with all its reasons, and what it rests on."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    cards: tuple[CardResult, ...]
    cards_counted: int
    """How many occupants these cards account for."""
    list_number: int
    list_age: timedelta | None
    at: datetime
    vehicle_proved: bool = False
    """The plate was compared, and is enrolled to a card whose chip's number agrees."""


_UNPROVED: Mapping[ChipOutcome | None, Reason] = {
    ChipOutcome.NO_ANSWER: Reason.CHIP_NO_ANSWER,
    ChipOutcome.ABSENT: Reason.CHIP_ABSENT,
}


def decide(
    cards: Sequence[CardEvidence],
    vehicle: VehicleEvidence | None,
    *,
    lane: LanePolicy,
    known: ListState,
    now: datetime,
) -> Decision:
    """Return the decision on a vehicle with ``cards`` in it at ``now`` (aware)."""
    today = now.astimezone(lane.zone).date()
    results = tuple(_judge_card(card, lane=lane, known=known, today=today) for card in cards)
    against_vehicle, proved = _judge_vehicle(cards, vehicle, lane)
    reasons = tuple(
        dict.fromkeys(
            [
                *_list_reasons(lane, known),
                *([] if cards else [Reason.NO_CARD]),
                *(reason for result in results for reason in result.reasons),
                *against_vehicle,
            ]
        )
    )
    return Decision(
        verdict=_verdict(reasons),
        reasons=reasons,
        cards=results,
        cards_counted=_count(results, lane),
        list_number=known.number,
        list_age=known.age,
        at=now,
        vehicle_proved=proved,
    )


def decide_without_list(
    cards: Sequence[CardEvidence], *, lane: LanePolicy, number: int, now: datetime
) -> Decision:
    """Return the decision while the credential list cannot be read: everybody is referred."""
    results = tuple(CardResult(epc=card.epc, credential_id=None, reasons=()) for card in cards)
    return Decision(
        verdict=Verdict.REFER,
        reasons=(Reason.STALE_LIST,),
        cards=results,
        cards_counted=_count(results, lane),
        list_number=number,
        list_age=None,
        at=now,
    )


def check_count(decision: Decision, counted: int) -> Decision:
    """Return the decision after ``counted`` occupants were counted, by an officer or a counter.

    A count that differs from the cards turns ``clear`` into ``refer``; it never improves anything.
    """
    if counted == decision.cards_counted:
        return decision
    reasons = tuple(dict.fromkeys((*decision.reasons, Reason.COUNT_DIFFERS)))
    return replace(decision, verdict=_verdict(reasons), reasons=reasons)


def refer_because(decision: Decision, reason: Reason) -> Decision:
    """Return the decision on a vehicle that is referred whatever its cards say."""
    reasons = tuple(dict.fromkeys((*decision.reasons, reason)))
    return replace(decision, verdict=_verdict(reasons), reasons=reasons)


def _verdict(reasons: Iterable[Reason]) -> Verdict:
    against = frozenset(reasons)
    if not against:
        return Verdict.CLEAR
    return Verdict.REDIRECT if against == {Reason.WRONG_LANE} else Verdict.REFER


def _count(results: Iterable[CardResult], lane: LanePolicy) -> int:
    """Count the cards; a Ready lane asks for documents from the age of 16 on, so none below."""
    ready = lane.lane_type is LaneType.READY
    return sum(not (ready and result.age_band is AgeBand.UNDER_16) for result in results)


def _list_reasons(lane: LanePolicy, known: ListState) -> Iterator[Reason]:
    if standing(known.age, lane.age_limits) is ListStanding.STALE:
        yield Reason.STALE_LIST


def _judge_card(
    card: CardEvidence, *, lane: LanePolicy, known: ListState, today: date
) -> CardResult:
    record = card.record
    if record is None:
        return CardResult(epc=card.epc, credential_id=None, reasons=(Reason.UNKNOWN_NUMBER,))
    reasons = (
        *_chip_reasons(card, record, lane),
        *_standing_reasons(record, known, today),
        *([] if _admitting_row(record, lane) else [Reason.WRONG_LANE]),
    )
    return CardResult(
        epc=card.epc,
        credential_id=record.credential_id,
        reasons=reasons,
        in_grace=record.valid_until < today and Reason.EXPIRED not in reasons,
        age_band=record.age_band,
    )


def _chip_reasons(card: CardEvidence, record: CardRecord, lane: LanePolicy) -> Iterator[Reason]:
    """Only the chip's own number, compared with the one recorded at issue, tells a copy."""
    if card.by_officer:
        yield Reason.READ_BY_OFFICER
    elif card.tid is None:
        yield Reason.TID_UNREAD
    elif not _tid_agrees(card, record):
        yield Reason.TID_MISMATCH
    elif card.chip is ChipOutcome.WRONG_ANSWER:
        yield Reason.WRONG_CHIP_ANSWER
    elif lane.needs_chip and card.chip is not ChipOutcome.AUTHENTICATED:
        yield _UNPROVED.get(card.chip, Reason.NOT_AUTHENTICATED)


def _standing_reasons(record: CardRecord, known: ListState, today: date) -> Iterator[Reason]:
    if record.status is not CardStatus.ACTIVE:
        yield Reason(record.status.value)
    if today > max(record.valid_until, record.grace_until or record.valid_until):
        yield Reason.EXPIRED
    limit = record.list_age_limit_s
    if limit == 0:  # no list is new enough until an officer has looked at card and holder
        yield Reason.NUMBER_IN_TWO_PLACES
    elif limit is not None and (known.age is None or known.age > timedelta(seconds=limit)):
        yield Reason.MEMBER_LIST_AGE


def _admitting_row(record: CardRecord, lane: LanePolicy) -> ProgramRow | None:
    """Return the row that admits the card, the one that asks for least where several do."""
    rows = [row for program in record.programs if (row := lane.row_for(program))]
    admitting = [row for row in rows if row.admittance is Admittance.ADMIT]
    return min(admitting, key=lambda row: row.needs_vehicle, default=None)


def _judge_vehicle(
    cards: Sequence[CardEvidence], vehicle: VehicleEvidence | None, lane: LanePolicy
) -> tuple[tuple[Reason, ...], bool]:
    """Return what speaks against the vehicle, and whether it was proved to be an enrolled one.

    A plate's marks are keyed with the card's TID: where no card has proved its TID no vehicle can
    be tested, and the card's own reason refers already.
    """
    if not any(_asks_for_vehicle(card, lane) for card in cards):
        return (), False
    if vehicle is None:
        return (Reason.PLATE_UNREAD,), False
    provers = [card for card in cards if card.record and _tid_agrees(card, card.record)]
    if not provers:
        return (), False
    keyed = ((card.record.plates, card.tid) for card in provers if card.record and card.tid)
    match = best_match(keyed, vehicle.region, vehicle.plate)
    sure = vehicle.by_officer or vehicle.confidence >= lane.min_plate_confidence
    if match is PlateMatch.NONE and sure:
        return (Reason.VEHICLE_NOT_ENROLLED,), False
    if match is not PlateMatch.EXACT or not sure:
        return (Reason.CONFIRM_PLATE,), False
    return (), True


def _asks_for_vehicle(card: CardEvidence, lane: LanePolicy) -> bool:
    if card.record is None:
        return False
    row = _admitting_row(card.record, lane)
    return row is not None and row.needs_vehicle


def _tid_agrees(card: CardEvidence, record: CardRecord) -> bool:
    if card.tid is None:
        return False
    return hmac.compare_digest(hashlib.sha256(card.tid).digest(), record.tid_digest)
