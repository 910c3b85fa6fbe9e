"""Rule R1: what must hold, all at once, before the arm goes up for an authorisation."""

from dataclasses import dataclass

from services.lane_gateway.domain.authorisation import (
    Authorisation,
    AuthorisationKind,
    Misfit,
    misfit,
)
from services.lane_gateway.domain.gate_model import GateState, GateStatus, Refusal
from services.lane_gateway.domain.signals import LaneInputs, Signal

INPUTS_FRESH = 0.25
"""Seconds: older inputs describe a lane that may look different by now."""

TRANSIENT = frozenset(
    {
        Refusal.BUSY,
        Refusal.INPUTS_STALE,
        Refusal.NOT_AT_GATE,
        Refusal.SAFETY_NOT_CLEAR,
        Refusal.CLOSING_NOT_CLEAR,
        Refusal.ARM_NOT_DOWN,
    }
)
"""Refusals that may pass while the authorisation still waits."""

_IN_SERVICE = frozenset({GateStatus.DOWN, GateStatus.RISING, GateStatus.UP, GateStatus.LOWERING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Why the gate does not open; ``misfit`` says more where the kind does not fit."""

    why: Refusal
    misfit: Misfit | None = None


def refusal(
    state: GateState, authorisation: Authorisation, now: float, *, again: bool = False
) -> Refused | None:
    """Return why the arm must not go up for ``authorisation`` at ``now``, or ``None``.

    ``again`` is the look after the commit, when the authorisation counts as used already.
    """
    if not again and authorisation.id in state.used:
        return Refused(why=Refusal.USED)
    return (
        _wrong_binding(state, authorisation, now)
        or _wrong_lane_state(state, authorisation)
        or _wrong_kind(state, authorisation)
        or _wrong_moment(state, now)
    )


def _wrong_binding(state: GateState, authorisation: Authorisation, now: float) -> Refused | None:
    if authorisation.lane != state.lane:
        return Refused(why=Refusal.OTHER_LANE)
    if now > authorisation.open_by:
        return Refused(why=Refusal.EXPIRED)
    if state.front is not None and state.front != authorisation.passage_id:
        return Refused(why=Refusal.OTHER_PASSAGE)
    return None


def _wrong_lane_state(state: GateState, authorisation: Authorisation) -> Refused | None:
    if state.faults:
        return Refused(why=Refusal.FAULT)
    if state.status not in _IN_SERVICE:
        return Refused(why=Refusal.NOT_IN_SERVICE)
    if not state.record_ok:
        return Refused(why=Refusal.RECORD_LOST)
    if authorisation.kind is AuthorisationKind.CLEAR and not state.reader_live:
        return Refused(why=Refusal.READER_LOST)
    return None


def _wrong_kind(state: GateState, authorisation: Authorisation) -> Refused | None:
    counter = state.inputs.occupants if state.inputs and state.has_counter else None
    wrong = misfit(
        authorisation,
        mode=state.mode,
        signed_on=state.signed_on,
        counter=counter,
        watchdog=state.watchdog,
    )
    return Refused(why=Refusal.MISFIT, misfit=wrong) if wrong else None


def _wrong_moment(state: GateState, now: float) -> Refused | None:
    inputs = state.inputs
    if inputs is None or now - inputs.taken > INPUTS_FRESH:
        return Refused(why=Refusal.INPUTS_STALE)
    if state.pending is not None:
        return Refused(why=Refusal.BUSY)
    why = _not_ready(state, inputs)
    return Refused(why=why) if why else None


def _not_ready(state: GateState, inputs: LaneInputs) -> Refusal | None:
    if state.status is not GateStatus.DOWN or not confirmed_down(inputs):
        return Refusal.ARM_NOT_DOWN
    if state.front is None or inputs.arming is not Signal.ON:
        return Refusal.NOT_AT_GATE
    if inputs.safety is not Signal.OFF:
        return Refusal.SAFETY_NOT_CLEAR
    return None if inputs.closing is Signal.OFF else Refusal.CLOSING_NOT_CLEAR


def confirmed_down(inputs: LaneInputs) -> bool:
    """Tell whether both limits agree that the arm is down."""
    return inputs.arm_down is Signal.ON and inputs.arm_up is Signal.OFF


def confirmed_up(inputs: LaneInputs) -> bool:
    """Tell whether both limits agree that the arm is up."""
    return inputs.arm_up is Signal.ON and inputs.arm_down is Signal.OFF
