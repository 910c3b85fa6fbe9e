"""What nobody would notice in a single event: silence, and faults that must alarm once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.lane_gateway.agent.gate_control import GateControl
from services.lane_gateway.domain.gate_events import OverrideAsked, OverrideEnded
from services.lane_gateway.domain.gate_model import Override
from services.lane_gateway.domain.signals import LaneInputs, Signal
from services.lane_gateway.use_cases.ports import ReaderEvent, ReaderEventKind
from shared.ids import NewId

SILENT_FOR = 5.0
"""Seconds with a vehicle on loop A and not one read, after which the antennas are in doubt."""
BLIND_AFTER = 0.3
"""Seconds without the loops after which a vehicle may have moved on unseen: one that is not seen to
leave takes longer to pass, one missed scan does not count."""
LOOPS_LOST_FOR = 1.0
"""Seconds in which the gate answers and its loops are unknown, after which somebody is called."""
KEY_LIMIT = 120.0
"""Seconds after which a key switch that stays turned no longer holds the arm."""
ALARMING = frozenset(
    {
        ReaderEventKind.ANTENNA_LOST,
        ReaderEventKind.BUFFER_OVERFLOW,
        ReaderEventKind.EXCEPTION,
    }
)


@dataclass(kw_only=True)
class Watches:
    """Remembers since when things last; times are monotonic seconds."""

    gate: GateControl
    monotonic: Callable[[], float]
    new_id: NewId
    camera_live: bool = False
    _last_read: float = float("-inf")
    _occupied_since: float | None = None
    _silent: bool = False
    _stores_alarmed: bool = False
    _unseen_since: float | None = None
    _looked_at: float = float("inf")
    _held_up: bool = False
    """The loops were not looked at for as long, because the lane's agent was held up."""
    _loops_alarmed: bool = False
    _key: Signal = field(default=Signal.UNKNOWN)

    def read(self, at: float) -> None:
        """Take note of a read."""
        self._last_read = at

    @property
    def blind(self) -> bool:
        """Tell whether the loops have not been seen for so long that vehicles may have moved."""
        since = self._unseen_since
        lost = since is not None and self.monotonic() - since >= BLIND_AFTER
        return lost or self._held_up

    def look(self, inputs: LaneInputs | None) -> None:
        """Take note whether the loops can be seen; alarm once where only they cannot."""
        now = self.monotonic()
        self._held_up, self._looked_at = now - self._looked_at >= BLIND_AFTER, now
        loops = (inputs.arming, inputs.safety, inputs.closing) if inputs else (Signal.UNKNOWN,)
        if Signal.UNKNOWN not in loops:
            self._unseen_since, self._loops_alarmed = None, False
            return
        self._unseen_since = now if self._unseen_since is None else self._unseen_since
        lost = inputs is not None and now - self._unseen_since >= LOOPS_LOST_FOR
        if lost and not self._loops_alarmed:
            self._loops_alarmed = True
            self.gate.alarm("loops_unknown")

    def inputs(self, inputs: LaneInputs) -> None:
        """Take note of the inputs of a scan."""
        self._watch_silence(inputs)
        self._watch_key(inputs.key_switch)
        if self.gate.stores_ok:
            self._stores_alarmed = False

    def reader_event(self, event: ReaderEvent) -> None:
        """Alarm for what the reader says of its own troubles."""
        if event.kind in ALARMING:
            self.gate.alarm(f"reader_{event.kind}")

    def stores_lost(self) -> None:
        """Alarm once when the record or the list is lost."""
        if not self._stores_alarmed:
            self._stores_alarmed = True
            self.gate.alarm("stores_lost")

    def _watch_silence(self, inputs: LaneInputs) -> None:
        """Alarm once for a vehicle of which a reader that is alive has read nothing at all."""
        if inputs.arming is not Signal.ON:
            self._occupied_since = None
            self._silent = False
            return
        if self._occupied_since is None:
            self._occupied_since = inputs.taken
        waited = inputs.taken - self._occupied_since > SILENT_FOR
        unread = self._last_read < self._occupied_since - SILENT_FOR
        if self.gate.state.reader_live and waited and unread and not self._silent:
            self._silent = True
            self.gate.alarm("no_reads")

    def _watch_key(self, key: Signal) -> None:
        """R9: the key switch at the lane raises the arm as long as it is turned."""
        before, self._key = self._key, key
        if key is Signal.ON and before is Signal.OFF:
            override = Override(
                id=self.new_id(),
                officer=None,
                reason="key switch",
                expires=self.monotonic() + KEY_LIMIT,
            )
            self.gate.tell(OverrideAsked(override=override))
        held = self.gate.state.override
        if key is Signal.OFF and held is not None and held.officer is None:
            self.gate.tell(OverrideEnded())
