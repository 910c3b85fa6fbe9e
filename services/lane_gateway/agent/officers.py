"""Carries out what officers told the lane; every command is recorded, with why it was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.lane_gateway.agent.decider import Decider
from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.domain.admission import Reason, VehicleEvidence, Verdict
from services.lane_gateway.domain.authorisation import (
    OPEN_WITHIN_OFFICER,
    Authorisation,
    AuthorisationKind,
)
from services.lane_gateway.domain.commands import Command, CommandKind
from services.lane_gateway.domain.events import OfficerCommanded, PlateSeen
from services.lane_gateway.domain.gate_events import (
    AttendantReset,
    Granted,
    OverrideAsked,
    OverrideEnded,
    Withdrawn,
)
from services.lane_gateway.domain.gate_model import Override
from services.lane_gateway.domain.passage import Passage, PassageState
from shared.ids import NewId

VALID_FOR = timedelta(seconds=5)
"""A command that waited longer was meant for another moment at the lane."""
LONGEST_OVERRIDE = 60.0
"""Seconds; whoever needs the arm up for longer asks again, with a reason."""

_KINDS = {
    CommandKind.ADMIT: AuthorisationKind.CLEAR,
    CommandKind.SECONDARY: AuthorisationKind.SECONDARY,
    CommandKind.REDIRECT: AuthorisationKind.REDIRECT,
    CommandKind.AFTER_CHECKS: AuthorisationKind.AFTER_CHECKS,
}
_BY_ANYBODY_IN_CHARGE = frozenset(
    {CommandKind.OVERRIDE, CommandKind.END_OVERRIDE, CommandKind.RESET}
)
_GO_UNINSPECTED = frozenset({CommandKind.REDIRECT, CommandKind.AFTER_CHECKS, CommandKind.TURN_BACK})


@dataclass(kw_only=True)
class Officers:
    """The officers' side of one lane; ``last`` is the newest command taken in."""

    tracker: Tracker
    gate: GateControl
    recorder: Recorder
    decider: Decider
    monotonic: Callable[[], float]
    new_id: NewId
    last: int = 0
    refused: str | None = None
    """Why nothing came of the newest command."""
    _given: UUID | None = None
    """The authorisation that the newest command gave."""

    def take(self, command: Command, *, now: datetime) -> None:
        """Carry out one command, and record it together with what comes of it."""
        self.last, self.refused, self._given = command.id, None, None
        refused = self._why_not(command, now)
        self._note(command, refused)
        if refused is None:
            refused = self._do(command, now)
            if refused is not None:
                self._note(command, refused)
        self.refused = self.refused or refused

    def pass_over(self, command: Command, why: str) -> None:
        """Record a command that is not carried out at all."""
        self.last, self.refused = command.id, why
        self._note(command, why)

    def hear_refusal(self, authorisation_id: UUID, why: str) -> None:
        """Keep why the authorisation of the newest command ended without its vehicle."""
        if authorisation_id == self._given:
            self.refused = why

    def _note(self, command: Command, refused: str | None) -> None:
        self.recorder.note(
            OfficerCommanded(
                lane=command.lane,
                command_id=command.id,
                kind=command.kind,
                officer=command.officer,
                passage_id=command.passage_id,
                refused=refused,
            )
        )

    def _why_not(self, command: Command, now: datetime) -> str | None:
        if abs(now - command.at) > VALID_FOR:
            return "late"
        if command.kind in _BY_ANYBODY_IN_CHARGE:
            return None
        if self.gate.state.signed_on != command.officer:
            return "not_signed_on"
        if self.tracker.find(command.passage_id) is None:
            return "other_passage"
        return None

    def _do(self, command: Command, now: datetime) -> str | None:
        match command.kind:
            case CommandKind.OVERRIDE:
                return self._override(command)
            case CommandKind.END_OVERRIDE:
                self.gate.tell(OverrideEnded())
                return None
            case CommandKind.RESET:
                self.gate.tell(AttendantReset(officer=command.officer))
                return None
        return self._deal_with_vehicle(command, now)

    def _deal_with_vehicle(self, command: Command, now: datetime) -> str | None:
        if self.tracker.doubted:
            return "moved_unseen"
        passage = self.tracker.find(command.passage_id)
        if passage is None or passage is self.tracker.passing:
            return "under_the_arm"
        if _skips_selection(command, passage):
            return "no_reason"
        if command.kind in _KINDS:
            return self._let_pass(command, passage)
        return self._tell_more(command, passage, now)

    def _tell_more(self, command: Command, passage: Passage, now: datetime) -> str | None:
        """Take what the officer knows of a vehicle."""
        at = self.monotonic()
        match command.kind:
            case CommandKind.TURN_BACK if passage.state is PassageState.AUTHORISED:
                return "authorised_already"
            case CommandKind.TURN_BACK:
                self.gate.tell(Withdrawn(passage_id=passage.id))
                self.tracker.turn_back(passage, command.officer, command.reason, at=at, now=now)
            case CommandKind.CONFIRM_PLATE:
                vehicle = VehicleEvidence(
                    plate=command.plate, region=command.region, confidence=1, by_officer=True
                )
                self._confirm(passage, vehicle, at)
            case CommandKind.ADD_CARD:
                passage.add_card_by_officer(command.epc, now=now)
                self.decider.redecide(passage)
        return None

    def _confirm(self, passage: Passage, vehicle: VehicleEvidence, at: float) -> None:
        self.tracker.see_vehicle(passage, vehicle, at)
        self.recorder.note(
            PlateSeen(
                lane=passage.lane,
                passage_id=passage.id,
                plate=vehicle.plate,
                region=vehicle.region,
                confidence=vehicle.confidence,
                by_officer=True,
            )
        )
        self.decider.redecide(passage)

    def _let_pass(self, command: Command, passage: Passage) -> str | None:
        """Authorise the vehicle under the newest list; a clear one only with the right count."""
        if command.counted is not None:
            passage.counted = command.counted
        self.decider.redecide(passage)
        if passage.state is PassageState.APPROACHING:
            # The officer does not wait for what may still come.
            passage.decide(self.decider.decision_on(passage))
        decision = passage.decision
        if decision is None or passage.state is not PassageState.DECIDED:
            return "authorised_already"
        if command.kind is CommandKind.ADMIT and command.counted is None:
            return "not_counted"
        if command.kind is CommandKind.ADMIT and decision.verdict is not Verdict.CLEAR:
            return "not_clear"
        if _skips_selection(command, passage):
            return "no_reason"
        authorisation = Authorisation(
            id=self.new_id(),
            lane=command.lane,
            passage_id=passage.id,
            kind=_KINDS[command.kind],
            verdict=decision.verdict,
            officer=command.officer,
            counted=command.counted,
            cards_counted=decision.cards_counted,
            reason=command.reason,
            granted=self.monotonic(),
            open_by=self.monotonic() + OPEN_WITHIN_OFFICER,
        )
        self._given = authorisation.id
        self.gate.tell(Granted(authorisation=authorisation))
        return None

    def _override(self, command: Command) -> str | None:
        if not command.reason.strip():
            return "no_reason"
        if not command.passkey:
            return "no_step_up"
        seconds = min(command.seconds or LONGEST_OVERRIDE, LONGEST_OVERRIDE)
        override = Override(
            id=self.new_id(),
            officer=command.officer,
            reason=command.reason,
            expires=self.monotonic() + seconds,
            seconds=seconds,
            passkey=command.passkey,
        )
        self.gate.tell(OverrideAsked(override=override))
        return None


def _skips_selection(command: Command, passage: Passage) -> bool:
    """Tell whether a vehicle selected by chance would go uninspected, and nobody said why."""
    decision = passage.decision
    selected = decision is not None and Reason.RANDOM_SELECTION in decision.reasons
    return selected and command.kind in _GO_UNINSPECTED and not command.reason.strip()
