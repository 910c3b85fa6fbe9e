"""One vehicle on its way through one lane."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.lane_gateway.domain.admission import (
    Decision,
    VehicleEvidence,
    Verdict,
)
from services.lane_gateway.domain.authorisation import Authorisation, AuthorisationKind
from services.lane_gateway.domain.card_in_vehicle import CardInVehicle
from services.lane_gateway.domain.events import (
    PassageAuthorised,
    PassageBegan,
    PassageDecided,
    PassageEnd,
    PassageEnded,
    PassageOpened,
    PassageReturned,
    PassageTimes,
    ReferralClosed,
    ReferralEnd,
)
from services.lane_gateway.domain.evidence import ChipOutcome, TagRead
from services.lane_gateway.domain.lane_policy import LaneMode
from shared.errors import Conflict
from shared.events import Aggregate


class PassageState(StrEnum):
    """How far a vehicle has come."""

    APPROACHING = "approaching"
    DECIDED = "decided"
    AUTHORISED = "authorised"
    PASSING = "passing"
    PASSED = "passed"
    TURNED_BACK = "turned_back"
    FAULTED = "faulted"


ALLOWED: dict[PassageState, frozenset[PassageState]] = {
    PassageState.APPROACHING: frozenset(
        {PassageState.DECIDED, PassageState.TURNED_BACK, PassageState.FAULTED}
    ),
    PassageState.DECIDED: frozenset(
        {
            PassageState.DECIDED,
            PassageState.AUTHORISED,
            PassageState.TURNED_BACK,
            PassageState.FAULTED,
        }
    ),
    PassageState.AUTHORISED: frozenset(
        {
            PassageState.PASSING,
            PassageState.DECIDED,
            PassageState.TURNED_BACK,
            PassageState.FAULTED,
        }
    ),
    PassageState.PASSING: frozenset({PassageState.PASSED, PassageState.FAULTED}),
    PassageState.PASSED: frozenset(),
    PassageState.TURNED_BACK: frozenset(),
    PassageState.FAULTED: frozenset(),
}

BY_OFFICER = "by_officer"

_CLOSES_REFERRAL = {
    AuthorisationKind.SECONDARY: ReferralEnd.SECONDARY,
    AuthorisationKind.AFTER_CHECKS: ReferralEnd.AFTER_CHECKS,
}


@dataclass(eq=False, kw_only=True)
class Passage(Aggregate):
    """One vehicle's way through a lane: its cards, its plate, the verdict, who let it pass.

    ``mode`` is the lane's mode when the vehicle came; a change of mode concerns the next one.
    """

    id: UUID
    lane: str
    mode: LaneMode
    state: PassageState = PassageState.APPROACHING
    cards: dict[bytes, CardInVehicle] = field(default_factory=dict, repr=False)
    vehicle: VehicleEvidence | None = None
    decision: Decision | None = None
    authorisation: Authorisation | None = None
    counted: int | None = None
    officer: str | None = None
    read_at: datetime | None = None
    shown_at: datetime | None = None
    decided_at: datetime | None = None
    gate_at: datetime | None = None

    @classmethod
    def open(cls, passage_id: UUID, *, lane: str, mode: LaneMode) -> "Passage":
        """Begin with a vehicle of which nothing is known yet."""
        passage = cls(id=passage_id, lane=lane, mode=mode)
        passage.record(PassageOpened(passage_id=passage_id, lane=lane, mode=mode))
        return passage

    @property
    def own_cards(self) -> dict[bytes, CardInVehicle]:
        """Return the cards without those that the antennas hear of the next lane."""
        return {epc: card for epc, card in self.cards.items() if not card.elsewhere}

    @property
    def over(self) -> bool:
        """Tell whether nothing can happen to this passage any more."""
        return not ALLOWED[self.state]

    def see_card(self, read: TagRead, *, now: datetime) -> bool:
        """Take in one sighting; tell whether it is new evidence and not the same once more."""
        epc, tid = read.epc, read.tid
        card = self.cards.setdefault(epc, CardInVehicle(epc=epc))
        is_new = card.reads == 0 or (tid is not None and tid not in card.tids)
        if tid is not None:
            card.tids.add(tid)
        card.reads += 1
        card.first_read = card.first_read or now
        card.last_read = read.arrived
        card.hear(read.rssi)
        self.read_at = self.read_at or now
        return is_new

    def see_chip(self, epc: bytes, outcome: ChipOutcome) -> bool:
        """Take in how a card's chip answered; tell if it is news. A wrong answer stays."""
        card = self.cards.get(epc)
        if card is None or card.chip in {outcome, ChipOutcome.WRONG_ANSWER}:
            return False
        card.chip = outcome
        return True

    def add_card_by_officer(self, epc: bytes, *, now: datetime) -> None:
        """Take in a card that the officer looked up; its chip stays unproved."""
        card = self.cards.setdefault(epc, CardInVehicle(epc=epc))
        # Whoever looks a card up has it in hand: it is not the next lane's.
        card.by_officer = card.elsewhere or not card.tids
        card.elsewhere = False
        self.read_at = self.read_at or now

    def see_vehicle(self, vehicle: VehicleEvidence) -> bool:
        """Take in a plate; what an officer said stands above the camera. Tell if it is news."""
        known = self.vehicle
        if known is not None and known.by_officer and not vehicle.by_officer:
            return False
        if known is not None and not vehicle.by_officer and known.confidence >= vehicle.confidence:
            return False
        self.vehicle = vehicle
        return True

    def decide(self, decision: Decision) -> None:
        """Note the verdict, the first one or another on new evidence."""
        same = self.decision is not None and _same(self.decision, decision)
        if same and self.state is PassageState.DECIDED:
            return
        self._move_to(PassageState.DECIDED)
        self.decision = decision
        self.decided_at = decision.at
        self.record(PassageDecided(passage_id=self.id, lane=self.lane, decision=decision))

    def authorise(self, authorisation: Authorisation) -> None:
        """Note that the vehicle may pass once."""
        if authorisation.passage_id != self.id:
            raise Conflict("The authorisation belongs to another passage")
        self._move_to(PassageState.AUTHORISED)
        self.authorisation = authorisation
        self.counted = authorisation.counted
        self.officer = authorisation.officer
        self.record(
            PassageAuthorised(passage_id=self.id, lane=self.lane, authorisation=authorisation)
        )

    def take_back(self, why: str) -> None:
        """Note that the authorisation ended unused; the vehicle stands decided again."""
        self._move_to(PassageState.DECIDED)
        if self.authorisation is not None:
            self.record(
                PassageReturned(
                    passage_id=self.id,
                    lane=self.lane,
                    authorisation_id=self.authorisation.id,
                    why=why,
                )
            )
        self.authorisation = None

    def begin(self, *, now: datetime) -> None:
        """Note that the vehicle is under the arm."""
        self._move_to(PassageState.PASSING)
        self.gate_at = self.gate_at or now
        self.record(PassageBegan(passage_id=self.id, lane=self.lane))

    def complete(self, *, now: datetime) -> None:
        """Note that the vehicle has passed and is clear of the arm."""
        self._move_to(PassageState.PASSED)
        self._end(PassageEnd.PASSED, "", now=now)
        kind = self.authorisation.kind if self.authorisation else None
        if kind in _CLOSES_REFERRAL and self._was_referred:
            reason = self.authorisation.reason if self.authorisation else ""
            self._close_referral(_CLOSES_REFERRAL[kind], self.officer, reason)

    def turn_back(self, officer: str | None, reason: str, *, now: datetime) -> None:
        """Note that the vehicle left the lane the way it came."""
        self._move_to(PassageState.TURNED_BACK)
        self.officer = officer or self.officer
        # An officer's words stand in the command and the referral, sealed; here goes only a code.
        self._end(PassageEnd.TURNED_BACK, BY_OFFICER if officer else reason, now=now)
        if self._was_referred:
            self._close_referral(ReferralEnd.TURNED_BACK, officer, reason)

    def fail(self, why: str, *, now: datetime) -> None:
        """Note that nobody can tell from the lane's inputs what became of the vehicle."""
        self._move_to(PassageState.FAULTED)
        self._end(PassageEnd.FAULTED, why, now=now)

    @property
    def _was_referred(self) -> bool:
        if self.decision is None:
            return False
        by_choice = self.authorisation and self.authorisation.kind is AuthorisationKind.SECONDARY
        return self.decision.verdict is Verdict.REFER or bool(by_choice)

    def _close_referral(self, end: ReferralEnd, officer: str | None, reason: str) -> None:
        self.record(
            ReferralClosed(
                passage_id=self.id, lane=self.lane, end=end, officer=officer, reason=reason
            )
        )

    def _end(self, end: PassageEnd, why: str, *, now: datetime) -> None:
        decision = self.decision
        known = decision.cards if decision else ()
        self.record(
            PassageEnded(
                passage_id=self.id,
                lane=self.lane,
                end=end,
                why=why,
                credential_ids=tuple(card.credential_id for card in known if card.credential_id),
                verdict=decision.verdict if decision else None,
                reasons=decision.reasons if decision else (),
                authorisation_kind=self.authorisation.kind if self.authorisation else None,
                officer=self.officer,
                counted=self.counted,
                times=PassageTimes(
                    read=self.read_at,
                    shown=self.shown_at,
                    decided=self.decided_at,
                    gate=self.gate_at,
                ),
                list_number=decision.list_number if decision else None,
                list_age=decision.list_age if decision else None,
                ended_at=now,
            )
        )

    def _move_to(self, state: PassageState) -> None:
        if state not in ALLOWED[self.state]:
            raise Conflict(f"A passage that is {self.state} cannot become {state}")
        self.state = state


def _same(one: Decision, other: Decision) -> bool:
    return (one.verdict, one.reasons, one.cards) == (other.verdict, other.reasons, other.cards)
