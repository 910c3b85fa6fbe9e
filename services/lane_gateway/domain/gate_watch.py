"""What is watched at every scan, whatever the gate is doing.

R4 tailgaters are noticed. R6 a lane whose red cannot be proved is out of service. R9 the emergency
button raises the arm at once.
"""

from services.lane_gateway.domain.gate_events import Alarmed, Began, OverrideOver
from services.lane_gateway.domain.gate_model import Fault, GateAlarm, GateStatus
from services.lane_gateway.domain.gate_turn import CLEAR_FOR, Turn
from services.lane_gateway.domain.signals import Lamp, LaneInputs, Signal

LIMIT_SETTLE = 0.2
"""Seconds two limit switches may disagree with the arm's position, while they bounce."""
LAMP_SETTLE = 0.5
"""Seconds a lamp's proof may lag behind its command."""

_MOVING = frozenset({GateStatus.RISING, GateStatus.UP, GateStatus.LOWERING})


def watch(turn: Turn, before: LaneInputs | None) -> None:
    """Look for what concerns every state; ``before`` are the inputs of the last scan."""
    _watch_emergency(turn)
    _watch_limits(turn)
    _watch_lamps(turn)
    if turn.state.status in _MOVING:
        _track(turn, before)
    if turn.state.status is GateStatus.DOWN and before is not None:
        _watch_lane(turn, before)


def _watch_emergency(turn: Turn) -> None:
    if turn.inputs.emergency is not Signal.ON:
        return
    if turn.state.status is not GateStatus.EMERGENCY_OPEN:
        turn.drop(GateAlarm.EMERGENCY_OPEN)
        release_override(turn)
        turn.enter(GateStatus.EMERGENCY_OPEN)
        turn.ask(Alarmed(code=GateAlarm.EMERGENCY_OPEN))


def _watch_limits(turn: Turn) -> None:
    inputs = turn.inputs
    both = inputs.arm_up is Signal.ON and inputs.arm_down is Signal.ON
    if turn.lasted("both_limits", LIMIT_SETTLE, holds=both):
        _stop_for(turn, Fault.LIMITS_CONFLICT)


def _watch_lamps(turn: Turn) -> None:
    """R6: a lane whose red cannot be proved is out of service once the passage is over."""
    if turn.now - turn.state.lamp_since < LAMP_SETTLE:
        return
    inputs = turn.inputs
    red_wanted = turn.state.outputs.lamp is Lamp.RED
    red_missing = red_wanted and inputs.red_proof is not Signal.ON
    together = inputs.red_proof is Signal.ON and inputs.green_proof is Signal.ON
    if turn.lasted("red_missing", LAMP_SETTLE, holds=red_missing):
        turn.latch(Fault.LAMP_PROOF)
    if turn.lasted("lamps_together", LAMP_SETTLE, holds=together):
        turn.latch(Fault.LAMPS_TOGETHER)


def _watch_lane(turn: Turn, before: LaneInputs) -> None:
    """Notice who comes under an arm that is down, without any authorisation."""
    if _rose(before.safety, turn.inputs.safety):
        turn.ask(Alarmed(code=GateAlarm.UNAUTHORISED_PASSAGE))


def _rose(before: Signal, after: Signal) -> bool:
    return before is Signal.OFF and after is Signal.ON


def _stop_for(turn: Turn, fault: Fault) -> None:
    """Latch a fault that makes the arm's position unknown; who commands by hand keeps command."""
    if turn.state.status in {GateStatus.EMERGENCY_OPEN, GateStatus.MANUAL, GateStatus.FAULTED}:
        turn.latch(fault)
    else:
        turn.fail(fault)


def _track(turn: Turn, before: LaneInputs | None) -> None:
    """Follow the vehicle over S and C."""
    inputs, state = turn.inputs, turn.state
    was_clear = _gap_ended(turn, inputs)
    if state.cycle.tailgated:
        strange = was_clear
    elif state.current is None:
        strange = before is not None and (
            _rose(before.safety, inputs.safety) or _rose(before.closing, inputs.closing)
        )
    else:
        strange = state.cycle.left and was_clear
    if strange:
        turn.see(tailgated=True)
        turn.ask(Alarmed(code=GateAlarm.TAILGATE))
    if state.current is None:
        return
    if inputs.safety is Signal.ON and not state.cycle.entered:
        turn.see(entered=True)
        turn.ask(Began(passage_id=state.current.passage_id))
    _follow(turn, inputs)


def _follow(turn: Turn, inputs: LaneInputs) -> None:
    """Tell by C, at the moment when S goes off, whether the vehicle went on or back."""
    if inputs.safety is Signal.ON:
        turn.see(over=True)
    elif inputs.safety is Signal.OFF:
        cycle = turn.state.cycle
        if cycle.over and not cycle.gone:
            turn.see(left=inputs.closing is Signal.ON)
        if turn.state.cycle.left and inputs.closing is Signal.OFF:
            turn.see(gone=True)
        turn.see(over=False)


def _gap_ended(turn: Turn, inputs: LaneInputs) -> bool:
    """Tell whether S goes on after it was clear for longer than a trailer's gap."""
    since = turn.state.held_since.get("safety_clear")
    return inputs.safety is Signal.ON and since is not None and turn.now - since >= CLEAR_FOR


def release_override(turn: Turn) -> None:
    """Drop the override in force, if there is one; an attendant has then been at the lane."""
    override = turn.state.override
    if override is not None:
        turn.change(override=None, attended_since_start=True)
        turn.ask(OverrideOver(override=override))
