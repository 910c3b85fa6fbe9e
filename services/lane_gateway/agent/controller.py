"""One lane: what its devices and officers say goes in, what the gate shall do comes out.

Everything happens in the caller's thread, on clocks that come from outside; the loop around it
(``loop.py``) does the waiting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.lane_gateway.agent.chip_check import ChipCheck
from services.lane_gateway.agent.decider import Decider
from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.agent.judge import Judge
from services.lane_gateway.agent.live_view import draw
from services.lane_gateway.agent.officers import Officers
from services.lane_gateway.agent.recorder import Recorder
from services.lane_gateway.agent.selection import Selection
from services.lane_gateway.agent.settings import LaneSettings
from services.lane_gateway.agent.sightings import Sightings
from services.lane_gateway.agent.tracker import Tracker
from services.lane_gateway.agent.watches import Watches
from services.lane_gateway.domain.events import CardSeen, DeviceNoted, PlateSeen
from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.gate_events import FrontChanged, ReaderChanged, Withdrawn
from services.lane_gateway.domain.gate_model import GateStatus
from services.lane_gateway.domain.lane_policy import LaneMode
from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.domain.passage import Passage
from services.lane_gateway.domain.signals import LaneInputs, Signal
from services.lane_gateway.use_cases.ports import ReaderEvent
from shared.clock import Clock

NOT_IN_OUR_HANDS = frozenset(
    {GateStatus.UNKNOWN, GateStatus.MANUAL, GateStatus.FAULTED, GateStatus.EMERGENCY_OPEN}
)


@dataclass(kw_only=True)
class LaneController:
    """The lane's mind; ``assembly.py`` puts its parts together.

    ``changed`` tells that the booth would see something else than in the last ``picture``.
    """

    lane: str
    run: UUID
    tracker: Tracker
    judge: Judge
    recorder: Recorder
    settings: LaneSettings
    selection: Selection
    sightings: Sightings
    gate: GateControl
    decider: Decider
    officers: Officers
    watches: Watches
    wall: Clock
    chips: ChipCheck | None = None
    changed: bool = True
    _shown: tuple[object, ...] = ()
    _trouble: str | None = None
    _occupants: int | None = None

    def reads(self, items: Sequence[TagRead | ReaderEvent], *, since: float = float("inf")) -> None:
        """Take in what the reader said, at ``since`` at the earliest (monotonic)."""
        changed: list[Passage] = []
        for item in items:
            if isinstance(item, ReaderEvent):
                self._reader_said(item)
            elif item.replay:
                # Out of the reader's memory: recorded, and of no vehicle that is here.
                self._note_card(item, None)
            elif (passage := self._read(item, since)) is not None and passage not in changed:
                changed.append(passage)
        for passage in changed:
            self.decider.evaluate(passage)
        self._after_news()

    def plates(self, reads: Sequence[PlateRead]) -> None:
        """Take in what the camera read."""
        for read in reads:
            passage = self.tracker.plate(read, mode=self.mode)
            if passage is not None:
                self._note_plate(read, passage.id)
                self.decider.evaluate(passage)
        self._after_news()

    def reader_changed(self, *, live: bool, why: str | None = None) -> None:
        """Take note that the reader was lost or came back."""
        if live != self.gate.state.reader_live:
            self._note_reader("live" if live else "lost")
            self.gate.tell(ReaderChanged(live=live))
        trouble = None if live else why
        if trouble is not None and trouble != self._trouble:
            self._note_reader(trouble)
            self.gate.alarm(trouble)
        self._trouble = trouble

    def camera_changed(self, *, live: bool) -> None:
        """Take note that the camera was lost or came back; the lane works without it."""
        if live != self.watches.camera_live:
            self.watches.camera_live = live
            what = "live" if live else "lost"
            self.recorder.note(DeviceNoted(lane=self.lane, device="camera", what=what))

    def scan(self) -> LaneInputs | None:
        """Read the gate's inputs and act on them; to be called every 50 ms."""
        raised = self.gate.state.raised
        inputs = self.gate.scan()
        self.watches.look(inputs)
        if self.watches.blind and (raised or self.gate.state.raised):
            self._doubt()
        if inputs is not None:
            self.tracker.inputs(inputs, mode=self.mode, now=self.wall())
            self.watches.inputs(inputs)
            self._heed_gate(inputs)
            self._heed_counter(inputs)
        if self.chips is not None:
            self.chips.turn()
        for passage in self.sightings.look():
            self.decider.redecide(passage)
        for passage in list(self.tracker.every()):
            if passage.decision is None:
                self.decider.evaluate(passage)
        self._after_news()
        return inputs

    def look_at_stores(self) -> None:
        """Take in commands, settings and changes of the list; on waking, and each second."""
        free = self.tracker.empty
        self.settings.refresh(free=free)
        if free:
            self.judge.renew()
        self.judge.policy = self.settings.policy
        self._apply_settings()
        self.selection.keep_period()
        for passage in list(self.tracker.every()):
            self.decider.redecide(passage)
        for command in self.settings.new_commands(self.officers.last):
            self.officers.take(command, now=self.wall())
        self._after_news()

    def finish_turn(self, *, write: bool = True) -> None:
        """Note what happened in this turn of the loop, and write it down where ``write`` says so.

        What leads to an opening is written before the coil in any case; the rest may wait for the
        next scan, so that the parts of one report do not each cost a commit. A draw is written
        before its vehicle is shown. While the arm comes down nothing is written: the disk may be
        slow, and S cannot wait.
        """
        self.recorder.note_all(self.tracker.take_events())
        due = (write or self.selection.unwritten) and not self.gate.falls
        if due and self.recorder.flush():
            self.selection.unwritten = False
        self.gate.stores_changed(ok=self.recorder.ok and self.judge.ok)
        if not self.gate.stores_ok:
            self.watches.stores_lost()
        self._notice_change()

    def leave(self) -> None:
        """Write down all that is not yet written: the agent ends."""
        self.finish_turn()
        self.recorder.flush()

    def picture(self) -> LiveState:
        """Return what the lane looks like now."""
        self.changed = False
        now = self.wall()
        for passage in self.tracker.every():
            if passage.decision is not None and passage.shown_at is None:
                passage.shown_at = now
        return draw(
            run=self.run,
            gate=self.gate,
            tracker=self.tracker,
            known=self.judge.known(),
            policy=self.settings.policy,
            wanted_mode=self.settings.wanted_mode,
            camera_live=self.watches.camera_live,
            last_command=self.officers.last,
            refused=self.officers.refused,
            now=now,
        )

    @property
    def mode(self) -> LaneMode:
        """Return the mode in which the lane really works."""
        return self.gate.state.mode

    def _read(self, read: TagRead, since: float) -> Passage | None:
        self.watches.read(read.arrived)
        passage = self.tracker.card(
            read, since=min(since, read.arrived), mode=self.mode, now=self.wall()
        )
        if passage is not None:
            if passage.has_events:
                # That the vehicle came stands before what was read of it.
                self.recorder.note_all(self.tracker.take_events())
            self._note_card(read, passage.id)
        return passage

    def _after_news(self) -> None:
        """Tell the gate who stands at it, and let a clear vehicle pass where the lane is alone."""
        front = self.tracker.front
        number = front.id if front is not None else None
        if number != self.gate.state.front:
            self.gate.tell(FrontChanged(passage_id=number))
            if front is not None:
                self.decider.redecide(front)
        if front is not None and self.sightings.arrived(front):
            self.decider.redecide(front)
        if self.mode is LaneMode.AUTOMATIC and front is not None:
            self.decider.let_pass_alone(front)

    def _heed_gate(self, inputs: LaneInputs) -> None:
        """Doubt who stands at the arm where vehicles moved while the gate was not in our hands."""
        status = self.gate.state.status
        if status is GateStatus.DOWN:
            self.tracker.settle_doubt(at=inputs.taken, mode=self.mode, now=self.wall())
        elif status in NOT_IN_OUR_HANDS and inputs.safety is Signal.ON:
            self._doubt()

    def _doubt(self) -> None:
        """Bind nothing to the vehicle at the arm until the arm is down and the loops are seen."""
        if not self.tracker.doubted and self.tracker.front is not None:
            self.gate.tell(Withdrawn(passage_id=self.tracker.front.id))
        self.tracker.doubt()

    def _heed_counter(self, inputs: LaneInputs) -> None:
        """Decide anew where the lane decides alone and its counter says something else."""
        front = self.tracker.front
        if inputs.occupants != self._occupants and front and front.mode is LaneMode.AUTOMATIC:
            self.decider.redecide(front)
        self._occupants = inputs.occupants

    def _apply_settings(self) -> None:
        for event in self.settings.gate_events(
            self.gate.state, age=self.judge.age(), recorder=self.recorder
        ):
            self.gate.tell(event)

    def _notice_change(self) -> None:
        state = self.gate.state
        shown = (
            *((one.id, one.state, one.decision, one.vehicle) for one in self.tracker.every()),
            (state.status, state.mode, state.signed_on, state.outputs, state.faults),
            (state.reader_live, state.record_ok, state.inputs is None),
            (self.officers.last, self.officers.refused, self.watches.camera_live),
        )
        self.changed = self.changed or shown != self._shown
        self._shown = shown

    def _reader_said(self, event: ReaderEvent) -> None:
        what = f"{event.kind}" if event.port is None else f"{event.kind} {event.port}"
        self.recorder.note(
            DeviceNoted(lane=self.lane, device="reader", what=what, count=event.count),
            device_time=event.reader_time,
        )
        self.watches.reader_event(event)

    def _note_reader(self, what: str) -> None:
        self.recorder.note(DeviceNoted(lane=self.lane, device="reader", what=what))

    def _note_card(self, read: TagRead, passage_id: UUID | None) -> None:
        self.recorder.note(
            CardSeen(
                lane=self.lane,
                passage_id=passage_id,
                epc=read.epc,
                tid_read=read.tid is not None,
                antenna=read.antenna,
                rssi=read.rssi,
                replay=read.replay,
            ),
            device_time=read.first_seen,
        )

    def _note_plate(self, read: PlateRead, passage_id: UUID) -> None:
        self.recorder.note_all(self.tracker.take_events())
        self.recorder.note(
            PlateSeen(
                lane=self.lane,
                passage_id=passage_id,
                plate=read.plate,
                region=read.region,
                confidence=read.confidence,
                by_officer=False,
            ),
            device_time=read.taken_at,
        )
