"""What the gate does after each scan of its inputs, state by state.

R2 one authorisation, one vehicle. R3 never close over S. R4 tailgaters are noticed. R5 no passage
within 15 s ends the authorisation. R6 red is the default. R11 a restarted gate starts from nothing.
"""

from collections.abc import Callable

from services.lane_gateway.domain.authorisation import Authorisation
from services.lane_gateway.domain.gate_events import (
    Alarmed,
    Commit,
    Completed,
)
from services.lane_gateway.domain.gate_model import (
    Cycle,
    Fault,
    GateAlarm,
    GateStatus,
    Refusal,
)
from services.lane_gateway.domain.gate_rules import (
    TRANSIENT,
    confirmed_down,
    confirmed_up,
    refusal,
)
from services.lane_gateway.domain.gate_turn import CLEAR_FOR, Turn
from services.lane_gateway.domain.gate_watch import LIMIT_SETTLE, release_override, watch
from services.lane_gateway.domain.signals import LaneInputs, Signal

STROKE_LIMIT = 4.0
"""Seconds for one stroke: 1.2 s is normal, wind and cold make it slower."""
NO_PASSAGE_AFTER = 15.0
"""Seconds with nothing under the arm after which the authorisation ends (R5)."""
MOST_REVERSALS = 3
"""Reversals in one cycle after which the loop is not to be trusted (R3)."""
REMEMBERED = 120.0
"""Seconds for which a used authorisation is kept: it is dead by its own time limit before."""
MOST_REMEMBERED = 64
"""Used authorisations after which the old ones are forgotten."""


def scanned(turn: Turn, inputs: LaneInputs) -> None:
    """Take in one full scan."""
    before = turn.state.inputs
    turn.change(inputs=inputs, io_lost_at=None)
    watch(turn, before)
    _drop_waiting_of_gone(turn)
    _AFTER_SCAN[turn.state.status](turn)


def _drop_waiting_of_gone(turn: Turn) -> None:
    """R1: what waits was given to the vehicle on loop A; whoever comes after it is another one."""
    waiting = turn.state.waiting
    gone = turn.lasted("arming_clear", CLEAR_FOR, holds=turn.inputs.arming is Signal.OFF)
    if gone and waiting is not None:
        turn.change(waiting=None)
        turn.lapse(waiting, Refusal.NOT_AT_GATE)


def try_waiting(turn: Turn) -> None:
    """Use, keep or drop the authorisation that waits for its moment."""
    waiting = turn.state.waiting
    if waiting is None:
        return
    refused = refusal(turn.state, waiting, turn.now)
    if refused is None:
        used = {**turn.state.used, waiting.id: turn.now}
        if len(used) > MOST_REMEMBERED:
            used = {key: at for key, at in used.items() if turn.now - at < REMEMBERED}
        turn.change(waiting=None, pending=waiting, used=used)
        turn.ask(Commit(cause=waiting))
    elif refused.why not in TRANSIENT:
        turn.change(waiting=None)
        turn.lapse(waiting, refused.why, refused.misfit)


def open_for(turn: Turn, authorisation: Authorisation) -> None:
    """Raise the arm for an authorisation that is durable, if all still holds (R1)."""
    turn.change(pending=None)
    refused = refusal(turn.state, authorisation, turn.now, again=True)
    if refused:
        turn.lapse(authorisation, refused.why, refused.misfit)
        return
    turn.change(current=authorisation, cycle=Cycle())
    turn.lasted("vacant", 0, holds=False)
    turn.enter(GateStatus.RISING)


def _free(turn: Turn) -> bool:
    """Tell whether S and C have been clear long enough."""
    inputs = turn.inputs
    clear = inputs.safety is Signal.OFF and inputs.closing is Signal.OFF
    return turn.lasted("free", CLEAR_FOR, holds=clear)


def _notice_gone_back(turn: Turn) -> None:
    """R2: end the authorisation of a vehicle that went back from loop A: the next one is another.

    No vehicle is short enough to stand between two loops. Loops that cannot be read for so long may
    have missed that, unless it was over S.
    """
    inputs, current = turn.inputs, turn.state.current
    seen = Signal.ON in (inputs.arming, inputs.safety, inputs.closing)
    vacant = turn.lasted("vacant", CLEAR_FOR, holds=not seen and not turn.state.cycle.over)
    if vacant and current is not None and not turn.state.cycle.left:
        turn.change(current=None)
        turn.lapse(current, Refusal.NOT_AT_GATE)


def _after_rising(turn: Turn) -> None:
    _free(turn)
    _notice_gone_back(turn)
    if confirmed_up(turn.inputs):
        turn.enter(GateStatus.UP)
        turn.lasted("empty", 0, holds=False)
    elif turn.now - turn.state.since > STROKE_LIMIT:
        turn.fail(Fault.ARM_NOT_UP)


def _after_up(turn: Turn) -> None:
    inputs, state = turn.inputs, turn.state
    if turn.lasted("not_up", LIMIT_SETTLE, holds=not confirmed_up(inputs)):
        turn.fail(Fault.ARM_MOVED)
        return
    free = _free(turn)
    _notice_gone_back(turn)
    empty = inputs.safety is Signal.OFF and inputs.closing is Signal.OFF
    unused = turn.lasted("empty", NO_PASSAGE_AFTER, holds=empty)
    current = turn.state.current
    if current is None:
        if turn.lasted("safety_clear", CLEAR_FOR, holds=inputs.safety is Signal.OFF):
            turn.enter(GateStatus.LOWERING)
    elif state.cycle.entered and state.cycle.left and free:
        turn.see(passed=True)
        turn.change(current=None)
        turn.ask(Completed(passage_id=current.passage_id))
        turn.enter(GateStatus.LOWERING)
    elif unused:
        turn.change(current=None)
        turn.lapse(current, GateAlarm.NO_PASSAGE)
        turn.ask(Alarmed(code=GateAlarm.NO_PASSAGE))
        turn.enter(GateStatus.LOWERING)


def _after_lowering(turn: Turn) -> None:
    """R3: reverse as soon as S is on, or not known to be off, while the arm comes down."""
    if confirmed_down(turn.inputs):
        turn.change(raised=False, cycle=Cycle())
        turn.enter(GateStatus.DOWN)
        _after_down(turn)
    elif turn.inputs.safety is not Signal.OFF:
        turn.see(reversals=turn.state.cycle.reversals + 1)
        if turn.state.cycle.reversals >= MOST_REVERSALS:
            turn.fail(Fault.REVERSALS)
        else:
            turn.enter(GateStatus.RISING)
    elif turn.now - turn.state.since > STROKE_LIMIT:
        turn.fail(Fault.ARM_NOT_DOWN)


def _after_down(turn: Turn) -> None:
    if turn.state.faults:
        turn.drop(Refusal.FAULT)
        turn.enter(GateStatus.FAULTED)
    elif turn.lasted("not_down", LIMIT_SETTLE, holds=not confirmed_down(turn.inputs)):
        turn.fail(Fault.ARM_MOVED)


def _after_unknown(turn: Turn) -> None:
    """R11: a known arm and an empty lane, else manual."""
    _verify(turn)
    if turn.state.status is GateStatus.UNKNOWN and turn.now - turn.state.since > STROKE_LIMIT:
        turn.enter(GateStatus.MANUAL)
        turn.ask(Alarmed(code=GateAlarm.NEEDS_ATTENDANT))


def _after_manual(turn: Turn) -> None:
    override = turn.state.override
    if override is None:
        _verify(turn)
    elif turn.now >= override.expires:
        end_override(turn)


def end_override(turn: Turn) -> None:
    """Let go of an override; the arm comes down by local rules, never over S (R9)."""
    if turn.state.override is None:
        return
    release_override(turn)
    turn.enter(GateStatus.FAULTED if turn.state.faults else GateStatus.UNKNOWN)


def _verify(turn: Turn) -> None:
    inputs = turn.inputs
    if not confirmed_down(inputs):
        if inputs.arm_down is Signal.OFF:
            turn.change(raised=True)
        return
    turn.change(raised=False)
    empty = inputs.safety is Signal.OFF and inputs.closing is Signal.OFF
    if empty and (turn.state.attended_since_start or inputs.arming is Signal.OFF):
        turn.change(attended_since_start=True, cycle=Cycle())
        turn.enter(GateStatus.FAULTED if turn.state.faults else GateStatus.DOWN)


def _after_faulted(turn: Turn) -> None:
    if confirmed_down(turn.inputs) and Fault.REVERSALS not in turn.state.faults:
        turn.change(raised=False)


def _after_emergency(turn: Turn) -> None:
    """R9: emergency open latches until the button is out and reset was pressed at the lane."""
    if turn.inputs.emergency is Signal.OFF and turn.inputs.reset is Signal.ON:
        turn.change(attended_since_start=True)
        turn.enter(GateStatus.UNKNOWN)


_AFTER_SCAN: dict[GateStatus, Callable[[Turn], None]] = {
    GateStatus.UNKNOWN: _after_unknown,
    GateStatus.DOWN: _after_down,
    GateStatus.RISING: _after_rising,
    GateStatus.UP: _after_up,
    GateStatus.LOWERING: _after_lowering,
    GateStatus.FAULTED: _after_faulted,
    GateStatus.MANUAL: _after_manual,
    GateStatus.EMERGENCY_OPEN: _after_emergency,
}
