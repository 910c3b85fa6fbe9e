"""Runs the gate's state machine and carries out what it asks for, in its order.

What leads to an opening is committed before the coil (R10): a ``Commit`` is flushed at once, and
only then the gate hears ``Committed`` and looks again whether all still holds.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.lane_gateway.agent.io_link import IOLink
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.domain.authorisation import Authorisation
from services.lane_gateway.domain.events import (
    AlarmRaised,
    DeviceNoted,
    GateMoved,
    InputsChanged,
    OutputsDriven,
    OverrideEnded,
    OverrideGiven,
)
from services.lane_gateway.domain.gate import step
from services.lane_gateway.domain.gate_events import (
    Alarmed,
    Began,
    Commit,
    Committed,
    Completed,
    Drive,
    GateAction,
    GateEvent,
    IOFailed,
    IORestored,
    Lapsed,
    Moved,
    OverrideOver,
    RecordChanged,
    Scanned,
    Withdrawn,
)
from services.lane_gateway.domain.gate_model import GateAlarm, GateState, Override
from services.lane_gateway.domain.gate_motion import STROKE_LIMIT
from services.lane_gateway.domain.gate_rules import INPUTS_FRESH
from services.lane_gateway.domain.signals import LaneInputs, LaneOutputs, edges
from shared.ids import NewId

LOOK_AGAIN_AFTER = INPUTS_FRESH / 2
"""Inputs older than this after a commit are read anew before the gate looks at them again."""


class GateListener(Protocol):
    """Who hears what the gate did with a vehicle."""

    def authorised(self, authorisation: Authorisation) -> bool:
        """Take note before the commit; tell whether the vehicle may still be authorised."""

    def began(self, passage_id: UUID) -> None:
        """Take note: the vehicle is under the arm."""

    def completed(self, passage_id: UUID) -> None:
        """Take note: the vehicle has passed."""

    def tailgated(self) -> None:
        """Take note: somebody followed the vehicle under the same raised arm."""

    def lapsed(self, action: Lapsed) -> None:
        """Take note: an authorisation ended unused or unfinished."""


@dataclass(kw_only=True)
class GateControl:
    """The gate of one lane; ``state`` is what its rules remember."""

    state: GateState
    link: IOLink
    recorder: Recorder
    listener: GateListener
    monotonic: Callable[[], float]
    new_id: NewId
    scans: int = 0
    stores_ok: bool = True
    _events: deque[GateEvent] = field(default_factory=deque)
    _busy: bool = False
    _holds: bool = False
    _falls_until: float = 0.0

    @property
    def falls(self) -> bool:
        """Tell whether the arm may be on its way down: only a scan in time can turn it round (R3).

        Nothing that can wait is written then, since a slow disk would hold up the scan.
        """
        released = self.state.raised and not self.state.outputs.open
        return released and self.monotonic() < self._falls_until

    def tell(self, event: GateEvent) -> None:
        """Let the gate hear ``event``, and carry out all that follows from it."""
        self._events.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._events:
                self.state, actions = step(self.state, self._events.popleft(), self.monotonic())
                for action in actions:
                    self._carry_out(action)
        finally:
            self._busy = False

    def scan(self) -> LaneInputs | None:
        """Read all inputs, let the gate act on them, then tell the watchdog (R7)."""
        if not self.link.is_open and not self._open():
            return None
        inputs = self._read()
        if inputs is None:
            return None
        self.scans += 1
        if self.link.renew(self.state.outputs) and self.link.beat():
            return inputs
        self.tell(IOFailed())
        return None

    def stores_changed(self, *, ok: bool) -> None:
        """Tell the gate when the record or the list was lost, or came back."""
        if ok != self.stores_ok:
            self.stores_ok = ok
            self.tell(RecordChanged(ok=ok))

    def alarm(self, code: str, passage_id: UUID | None = None) -> None:
        """Call an attendant."""
        self.recorder.note(
            AlarmRaised(
                alarm_id=self.new_id(), lane=self.state.lane, code=code, passage_id=passage_id
            )
        )

    def _open(self) -> bool:
        info = self.link.try_open()
        if info is None:
            self.tell(IOFailed())
            return False
        found = "held" if info.outputs.open else "released"
        what = f"answers, arm {found}{', zeroed' if info.zeroed else ''}"
        self.recorder.note(DeviceNoted(lane=self.state.lane, device="gate", what=what))
        self.tell(
            IORestored(
                outputs=info.outputs,
                zeroed=info.zeroed,
                watchdog=info.watchdog,
                has_counter=info.has_counter,
            )
        )
        return True

    def _read(self) -> LaneInputs | None:
        inputs = self.link.scan()
        if inputs is None:
            self.tell(IOFailed())
            return None
        self._note_edges(inputs)
        self.tell(Scanned(inputs=inputs))
        return inputs

    def _note_edges(self, inputs: LaneInputs) -> None:
        changed = edges(self.state.inputs, inputs)
        if changed:
            self.recorder.note(InputsChanged(lane=self.state.lane, edges=changed))

    def _carry_out(self, action: GateAction) -> None:
        match action:
            case Commit(cause=cause):
                self._commit(cause)
            case Drive(outputs=outputs):
                self._drive(outputs)
            case Moved(before=before, after=after):
                self.recorder.note(GateMoved(lane=self.state.lane, before=before, after=after))
            case Began(passage_id=passage_id):
                self.listener.began(passage_id)
            case Completed(passage_id=passage_id):
                self.listener.completed(passage_id)
            case Lapsed():
                self.listener.lapsed(action)
            case OverrideOver(override=override, why=why):
                self.recorder.note(
                    OverrideEnded(lane=self.state.lane, override_id=override.id, why=why)
                )
            case Alarmed(code=code):
                self._alarmed(code)

    def _drive(self, outputs: LaneOutputs) -> None:
        """Set the outputs; before the arm is let go, what happened until now is written."""
        lets_go = self._holds and not outputs.open
        if lets_go:
            self.recorder.flush()
            self._falls_until = self.monotonic() + STROKE_LIMIT
        self._holds = outputs.open
        verified = self.link.write(outputs)
        self.recorder.note(OutputsDriven(lane=self.state.lane, outputs=outputs, verified=verified))
        if not verified:
            self._events.append(IOFailed())
        elif lets_go:
            self._look_again()

    def _alarmed(self, code: str) -> None:
        if code == GateAlarm.TAILGATE:
            self.listener.tailgated()
            if self.state.front is not None:
                self._events.append(Withdrawn(passage_id=self.state.front))
        self.alarm(code, self.state.current.passage_id if self.state.current else self.state.front)

    def _commit(self, cause: Authorisation | Override) -> None:
        if isinstance(cause, Override):
            self.recorder.note(OverrideGiven(lane=self.state.lane, override=cause))
        elif not self.listener.authorised(cause):
            self._events.append(Withdrawn(passage_id=cause.passage_id))
            return
        if not self.recorder.flush():
            self.stores_ok = False
            self._events.append(RecordChanged(ok=False))
            return
        self._look_again()
        self._events.append(Committed())

    def _look_again(self) -> None:
        seen = self.state.inputs
        if seen is None or self.monotonic() - seen.taken <= LOOK_AGAIN_AFTER:
            return
        inputs = self.link.scan()
        if inputs is None:
            self._events.append(IOFailed())
            return
        self._note_edges(inputs)
        self._events.append(Scanned(inputs=inputs))
