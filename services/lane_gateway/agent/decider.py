"""Keeps the decisions on vehicles up to date, and lets clear ones pass where nobody is there."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.agent.judge import Judge
from services.lane_gateway.agent.selection import Selection
from services.lane_gateway.agent.sightings import Sightings
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.domain.admission import Decision, Reason, Verdict, check_count
from services.lane_gateway.domain.authorisation import (
    OPEN_WITHIN_AUTOMATIC,
    Authorisation,
    AuthorisationKind,
)
from services.lane_gateway.domain.gate_events import Granted, Withdrawn
from services.lane_gateway.domain.gate_rules import refusal
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.passage import Passage, PassageState
from shared.clock import Clock
from shared.ids import NewId

SETTLE = 1.0
"""Seconds to wait for what may only be missing yet, before the first decision on a vehicle."""
NEW_FOR = 0.02
"""Seconds in which a decision was made just now and need not be made again before the gate opens:
well below what a change of the list takes to come from the worker."""
MAY_COME = frozenset(
    {Reason.NO_CARD, Reason.TID_UNREAD, Reason.NOT_AUTHENTICATED, Reason.PLATE_UNREAD}
)
_UNDECIDED = frozenset({PassageState.APPROACHING, PassageState.DECIDED})


@dataclass(kw_only=True)
class Decider:
    """Decides on vehicles by what the tracker, the list and the gate know now."""

    tracker: Tracker
    judge: Judge
    selection: Selection
    sightings: Sightings
    gate: GateControl
    wall: Clock
    monotonic: Callable[[], float]
    new_id: NewId
    _made: tuple[UUID | None, float] = (None, 0.0)

    def evaluate(self, passage: Passage) -> None:
        """Decide on a vehicle of which something new is known; wait for what may still come."""
        if passage.state not in _UNDECIDED:
            return
        decision = self.decision_on(passage)
        if passage.decision is None and self._may_still_come(passage, decision):
            return
        passage.decide(decision)

    def redecide(self, passage: Passage) -> None:
        """Bring a decision up to date; one that no longer holds takes its authorisation along."""
        if passage.decision is None or passage.state is not PassageState.AUTHORISED:
            self.evaluate(passage)
            return
        given = passage.authorisation
        if given is None or given.kind is not AuthorisationKind.CLEAR:
            return
        if self.decision_on(passage).verdict is not Verdict.CLEAR:
            self.gate.tell(Withdrawn(passage_id=passage.id))
            self.evaluate(passage)

    def decision_on(self, passage: Passage) -> Decision:
        """Return the decision as it is now, with the count of occupants if there is one.

        A vehicle that would be clear takes its draw here, and only the first time.
        """
        decision = self.judge.judge(passage, now=self.wall())
        self._made = (passage.id, self.monotonic())
        counted = self._counted(passage)
        if counted is not None:
            decision = check_count(decision, counted)
        decision = self.sightings.settle(passage, decision)
        return self.selection.settle(passage, decision)

    def let_pass_alone(self, passage: Passage) -> None:
        """Authorise a clear vehicle at the arm of a lane in automatic mode, if all is ready."""
        candidate = None if self.tracker.doubted else self._candidate(passage)
        if candidate is None or refusal(self.gate.state, candidate, self.monotonic()):
            return
        made_of, made_at = self._made
        if made_of != passage.id or self.monotonic() - made_at > NEW_FOR:
            self.redecide(passage)
        if passage.decision is not None and passage.decision.verdict is Verdict.CLEAR:
            self.gate.tell(Granted(authorisation=candidate))

    def _candidate(self, passage: Passage) -> Authorisation | None:
        decision, inputs = passage.decision, self.gate.state.inputs
        if passage.state is not PassageState.DECIDED or decision is None or inputs is None:
            return None
        if decision.verdict is not Verdict.CLEAR:
            return None
        now = self.monotonic()
        confirmed = self.tracker.confirmed_at.get(passage.id)
        if confirmed is None:
            return None
        return Authorisation(
            id=self.new_id(),
            lane=passage.lane,
            passage_id=passage.id,
            kind=AuthorisationKind.CLEAR,
            verdict=decision.verdict,
            officer=None,
            counted=inputs.occupants,
            cards_counted=decision.cards_counted,
            granted=now,
            # Counted from the report: one that waited for us tells of another moment at the lane,
            # and the next one comes as long as the card is there.
            open_by=confirmed + OPEN_WITHIN_AUTOMATIC,
        )

    def _may_still_come(self, passage: Passage, decision: Decision) -> bool:
        if not MAY_COME & set(decision.reasons):
            return False
        if not passage.cards and passage is not self.tracker.front:
            return True
        since = self.tracker.evidence_at.get(passage.id, self.monotonic())
        return self.monotonic() - since < SETTLE

    def _counted(self, passage: Passage) -> int | None:
        """Return the lane's own count where it decides alone, else what an officer counted."""
        if passage.mode is not LaneMode.AUTOMATIC or passage is not self.tracker.front:
            return passage.counted
        inputs = self.gate.state.inputs
        return inputs.occupants if inputs is not None else None
