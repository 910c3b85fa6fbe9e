"""How the lane is set and staffed, as the desk says, and from when on that counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.commands import Command, DeskLane
from services.lane_gateway.domain.events import ModeChanged
from services.lane_gateway.domain.gate_events import GateEvent, ModeSet, SignedOn
from services.lane_gateway.domain.gate_model import GateState
from services.lane_gateway.domain.lane_policy import LaneMode, LanePolicy
from services.lane_gateway.domain.list_age import effective_mode
from services.lane_gateway.use_cases.ports import Desk
from shared.errors import Unavailable


@dataclass(kw_only=True)
class LaneSettings:
    """The desk's word on one lane.

    A new mode or policy counts from the next vehicle on, not for the one at the arm; who is signed
    on counts at once. A desk that cannot be read leaves all as it is.
    """

    desk: Desk
    lane: DeskLane
    ok: bool = True
    _applied: DeskLane = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the desk says at the start."""
        self._applied = self.lane

    @property
    def policy(self) -> LanePolicy:
        """Return the policy in force."""
        return self._applied.policy

    @property
    def wanted_mode(self) -> LaneMode:
        """Return the mode that is wanted, in force or from the next vehicle on."""
        return self.lane.mode

    def refresh(self, *, free: bool) -> None:
        """Ask the desk; ``free`` tells that no vehicle is at the arm."""
        try:
            self.lane = self.desk.lane()
        except Unavailable:
            self.ok = False
            return
        self.ok = True
        if free:
            self._applied = self.lane

    def new_commands(self, last: int) -> Sequence[Command]:
        """Return the commands after ``last``; none while the desk cannot be read."""
        try:
            return self.desk.commands_after(last)
        except Unavailable:
            self.ok = False
            return []

    def gate_events(
        self, state: GateState, *, age: timedelta | None, recorder: Recorder
    ) -> Iterator[GateEvent]:
        """Yield what the gate must hear of the settings."""
        mode = effective_mode(
            self._applied.mode,
            policy=self.policy,
            age=age,
            can_count=state.has_counter and state.watchdog > 0,
        )
        if mode is not state.mode:
            recorder.note(ModeChanged(lane=state.lane, before=state.mode, after=mode))
            yield ModeSet(mode=mode)
        if self.lane.signed_on != state.signed_on:
            yield SignedOn(officer=self.lane.signed_on)
