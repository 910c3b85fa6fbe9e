"""One step of the gate while it is worked out: the state so far and what was asked for."""

from dataclasses import replace
from typing import Any

from services.lane_gateway.domain.authorisation import GREEN_KINDS, SIGNS, Authorisation, Misfit
from services.lane_gateway.domain.gate_events import (
    Alarmed,
    Drive,
    GateAction,
    Lapsed,
    Moved,
    OverrideOver,
)
from services.lane_gateway.domain.gate_model import (
    ALLOWED,
    Fault,
    GateAlarm,
    GateState,
    GateStatus,
    Override,
    Refusal,
)
from services.lane_gateway.domain.signals import Lamp, LaneInputs, LaneOutputs, Sign, Signal
from shared.errors import Conflict

CLEAR_FOR = 0.6
"""Seconds a loop stays off before the place counts as free: a trailer's gap is up to 0.4 s."""

_RAISED = frozenset({GateStatus.RISING, GateStatus.UP, GateStatus.EMERGENCY_OPEN})
_LOCAL = frozenset({GateStatus.UNKNOWN, GateStatus.FAULTED, GateStatus.MANUAL})


class Turn:
    """Collects the changes and actions of one step; lives no longer than that step."""

    def __init__(self, state: GateState, now: float) -> None:
        self.state = state
        self.now = now
        self.actions: list[GateAction] = []

    @property
    def inputs(self) -> LaneInputs:
        """Return the inputs of the last scan, all unknown where there is none."""
        return self.state.inputs or LaneInputs(taken=self.now)

    def change(self, **values: Any) -> None:
        """Replace fields of the state."""
        self.state = self.state._replace(**values)

    def see(self, **values: Any) -> None:
        """Replace fields of what this raising of the arm has seen."""
        self.change(cycle=replace(self.state.cycle, **values))

    def ask(self, action: GateAction) -> None:
        """Ask the agent for something."""
        self.actions.append(action)

    def enter(self, status: GateStatus) -> None:
        """Move to ``status``, as the transition table allows."""
        before = self.state.status
        if status is before:
            return
        if status not in ALLOWED[before]:
            raise Conflict(f"A gate that is {before} cannot become {status}")
        self.change(status=status, since=self.now)
        self.ask(Moved(before=before, after=status))

    def lasted(self, name: str, seconds: float, *, holds: bool) -> bool:
        """Tell whether a condition that ``holds`` now has held for ``seconds`` without a break."""
        since = self.state.held_since.get(name)
        if not holds:
            if since is not None:
                rest = {key: at for key, at in self.state.held_since.items() if key != name}
                self.change(held_since=rest)
            return False
        if since is None:
            since = self.now
            self.change(held_since={**self.state.held_since, name: since})
        return self.now - since >= seconds

    def latch(self, fault: Fault) -> None:
        """Remember ``fault`` until an attendant resets it."""
        if fault not in self.state.faults:
            self.change(faults=self.state.faults | {fault})
            self.ask(Alarmed(code=fault))

    def fail(self, fault: Fault) -> None:
        """Latch ``fault``, drop what was authorised and stop."""
        self.latch(fault)
        self.drop(fault)
        self.enter(GateStatus.FAULTED)

    def lapse(
        self,
        authorisation: Authorisation,
        why: Refusal | GateAlarm | Fault,
        misfit: Misfit | None = None,
    ) -> None:
        """Tell that ``authorisation`` has ended unused or unfinished."""
        self.ask(Lapsed(authorisation=authorisation, why=why, misfit=misfit))

    def drop(self, why: Refusal | GateAlarm | Fault) -> None:
        """End all authorisations and a pending override."""
        for given in (self.state.waiting, self.state.pending, self.state.current):
            if isinstance(given, Override):
                self.ask(OverrideOver(override=given, why=Refusal.NOT_IN_SERVICE))
            elif given is not None:
                self.lapse(given, why)
        self.change(waiting=None, pending=None, current=None)

    def settle_outputs(self) -> None:
        """Ask for the outputs that the state demands, where they differ from the last ones."""
        if self.state.inputs is None:
            return
        clear = self.inputs.safety is Signal.OFF
        clear_long = self.lasted("safety_clear", CLEAR_FOR, holds=clear)
        outputs = wanted_outputs(self.state, safety_clear_long=clear_long)
        if outputs == self.state.outputs:
            return
        if outputs.lamp is not self.state.outputs.lamp:
            self.change(lamp_since=self.now)
        self.change(outputs=outputs, raised=self.state.raised or outputs.open)
        self.ask(Drive(outputs=outputs))


def wanted_outputs(state: GateState, *, safety_clear_long: bool) -> LaneOutputs:
    """Return what the lane should show and do in ``state``."""
    return LaneOutputs(
        open=_wants_open(state, safety_clear_long=safety_clear_long),
        lamp=Lamp.GREEN if _may_show_green(state) else Lamp.RED,
        sign=_sign(state),
    )


def _wants_open(state: GateState, *, safety_clear_long: bool) -> bool:
    """Tell whether the coil should be on: where nobody commands, an arm once raised is held off S.

    It is let go only when S has been clear for a while. After three reversals the loop cannot be
    trusted: the arm stays up until an attendant has come.
    """
    if state.status in _RAISED or (state.status is GateStatus.MANUAL and state.override):
        return True
    if state.status not in _LOCAL or not state.raised or state.inputs is None:
        return False
    if Fault.REVERSALS in state.faults or state.inputs.safety is not Signal.OFF:
        return True
    return state.outputs.open and not safety_clear_long


def _may_show_green(state: GateState) -> bool:
    inputs = state.inputs
    return (
        state.status is GateStatus.UP
        and inputs is not None
        and inputs.arm_up is Signal.ON
        and inputs.safety is Signal.OFF
        and state.current is not None
        and state.current.kind in GREEN_KINDS
        and not state.cycle.entered
        and not state.faults
    )


def _sign(state: GateState) -> Sign:
    """Show the sign to its vehicle alone: once that is under the arm the next one would follow."""
    if state.current is None or state.status not in _RAISED or state.cycle.entered:
        return Sign.NONE
    return SIGNS[state.current.kind]
