"""The gate as a pure state machine: ``step(state, event, now)`` gives the next state and actions.

It adds conditions to the barrier's own controller, which alone protects people and vehicles from
the arm; it is no safety controller. The agent carries the actions out in their order.
"""

from collections.abc import Callable
from typing import Any

from services.lane_gateway.domain import gate_events as heard
from services.lane_gateway.domain.authorisation import Authorisation
from services.lane_gateway.domain.gate_events import Alarmed, Commit, GateAction, GateEvent
from services.lane_gateway.domain.gate_model import (
    GateAlarm,
    GateState,
    GateStatus,
    Override,
    Refusal,
)
from services.lane_gateway.domain.gate_motion import (
    end_override,
    open_for,
    scanned,
    try_waiting,
)
from services.lane_gateway.domain.gate_turn import Turn

CARRY_ON_WITHIN = 1.0
"""Seconds: after a longer silence the module's watchdog has let go of the arm."""


def step(
    state: GateState, event: GateEvent, now: float
) -> tuple[GateState, tuple[GateAction, ...]]:
    """Return the state after ``event`` at ``now`` (monotonic) and what must be done, in order."""
    turn = Turn(state, now)
    _HANDLERS[type(event)](turn, event)
    try_waiting(turn)
    turn.settle_outputs()
    return turn.state, tuple(turn.actions)


def _scanned(turn: Turn, event: heard.Scanned) -> None:
    scanned(turn, event.inputs)


def _io_failed(turn: Turn, _event: heard.IOFailed) -> None:
    """R8: without inputs nothing opens; a move in progress ends by the module's own rules."""
    if turn.state.io_lost_at is None:
        turn.change(io_lost_at=turn.now)
        turn.ask(Alarmed(code=GateAlarm.IO_LOST))
    turn.change(inputs=None)


def _io_restored(turn: Turn, event: heard.IORestored) -> None:
    """Carry on after a short silence with the coils as we left them; else verify everything."""
    state = turn.state
    turn.change(watchdog=event.watchdog, has_counter=event.has_counter)
    short = state.io_lost_at is not None and turn.now - state.io_lost_at < CARRY_ON_WITHIN
    if short and not event.zeroed and event.outputs == state.outputs:
        return
    turn.change(
        outputs=event.outputs,
        lamp_since=turn.now,
        raised=state.raised or event.outputs.open,
    )
    turn.drop(Refusal.IO_LOST)
    end_override(turn)
    if turn.state.status not in {GateStatus.FAULTED, GateStatus.EMERGENCY_OPEN}:
        turn.enter(GateStatus.UNKNOWN)
        turn.change(since=turn.now)


def _granted(turn: Turn, event: heard.Granted) -> None:
    """Let an authorisation wait for its moment; a second one beside it is refused."""
    if turn.state.waiting is not None or turn.state.pending is not None:
        why = Refusal.USED if _is_same(turn.state, event.authorisation) else Refusal.BUSY
        turn.lapse(event.authorisation, why)
    else:
        turn.change(waiting=event.authorisation)


def _is_same(state: GateState, authorisation: Authorisation) -> bool:
    return any(
        given is not None and given.id == authorisation.id
        for given in (state.waiting, state.pending)
    )


def _override_asked(turn: Turn, event: heard.OverrideAsked) -> None:
    why = _override_refusal(turn.state, event.override, turn.now)
    if why:
        turn.ask(heard.OverrideOver(override=event.override, why=why))
        return
    turn.drop(Refusal.OVERRIDDEN)
    turn.change(pending=event.override)
    turn.ask(Commit(cause=event.override))


def _override_refusal(state: GateState, override: Override, now: float) -> Refusal | None:
    if not state.record_ok:
        return Refusal.RECORD_LOST
    if state.status is GateStatus.EMERGENCY_OPEN or state.override is not None:
        return Refusal.BUSY
    return Refusal.EXPIRED if now >= override.expires else None


def _override_ended(turn: Turn, _event: heard.OverrideEnded) -> None:
    end_override(turn)


def _committed(turn: Turn, _event: heard.Committed) -> None:
    pending = turn.state.pending
    if isinstance(pending, Override):
        turn.change(pending=None, override=pending)
        turn.enter(GateStatus.MANUAL)
    elif pending is not None:
        open_for(turn, pending)


def _record_changed(turn: Turn, event: heard.RecordChanged) -> None:
    """R8: without a record nothing opens; what is being committed was not."""
    turn.change(record_ok=event.ok)
    if event.ok:
        return
    for given in (turn.state.waiting, turn.state.pending):
        if isinstance(given, Override):
            turn.ask(heard.OverrideOver(override=given, why=Refusal.RECORD_LOST))
        elif given is not None:
            turn.lapse(given, Refusal.RECORD_LOST)
    turn.change(waiting=None, pending=None)


def _withdrawn(turn: Turn, event: heard.Withdrawn) -> None:
    """Take back what was given to a passage, unless its vehicle is under the arm already."""
    for name in ("waiting", "pending", "current"):
        given = getattr(turn.state, name)
        if not isinstance(given, Authorisation) or given.passage_id != event.passage_id:
            continue
        if name == "current" and turn.state.cycle.entered:
            continue
        turn.change(**{name: None})
        turn.lapse(given, Refusal.WITHDRAWN)


def _reader_changed(turn: Turn, event: heard.ReaderChanged) -> None:
    turn.change(reader_live=event.live)


def _mode_set(turn: Turn, event: heard.ModeSet) -> None:
    turn.change(mode=event.mode)


def _signed_on(turn: Turn, event: heard.SignedOn) -> None:
    turn.change(signed_on=event.officer)


def _front_changed(turn: Turn, event: heard.FrontChanged) -> None:
    turn.change(front=event.passage_id)


def _attendant_reset(turn: Turn, _event: heard.AttendantReset) -> None:
    """Clear latched faults; an emergency is reset at the lane alone."""
    if turn.state.status is GateStatus.EMERGENCY_OPEN:
        return
    turn.change(faults=frozenset(), attended_since_start=True, lamp_since=turn.now)
    if turn.state.status is GateStatus.FAULTED:
        turn.enter(GateStatus.UNKNOWN)


_HANDLERS: dict[type[Any], Callable[[Turn, Any], None]] = {
    heard.Scanned: _scanned,
    heard.IOFailed: _io_failed,
    heard.IORestored: _io_restored,
    heard.Granted: _granted,
    heard.OverrideAsked: _override_asked,
    heard.OverrideEnded: _override_ended,
    heard.Committed: _committed,
    heard.RecordChanged: _record_changed,
    heard.ReaderChanged: _reader_changed,
    heard.ModeSet: _mode_set,
    heard.SignedOn: _signed_on,
    heard.FrontChanged: _front_changed,
    heard.Withdrawn: _withdrawn,
    heard.AttendantReset: _attendant_reset,
}
