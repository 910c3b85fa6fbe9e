"""One session with a reader, from bytes in to reads out; it knows neither sockets nor threads."""

from collections.abc import Callable

from services.lane_gateway.devices.llrp import events
from services.lane_gateway.devices.llrp.clock import ReaderClock
from services.lane_gateway.devices.llrp.dialogue import (
    ERROR,
    Dialogue,
    Procedure,
    Voice,
    status_name,
)
from services.lane_gateway.devices.llrp.errors import DecodeError
from services.lane_gateway.devices.llrp.frames import Framer
from services.lane_gateway.devices.llrp.messages import HEADER, decode, encode
from services.lane_gateway.devices.llrp.opening import Opening
from services.lane_gateway.devices.llrp.reports import Reports
from services.lane_gateway.devices.llrp.settings import (
    DEAD_SECONDS,
    FRAME_SECONDS,
    KEEPALIVE_SECONDS,
    MAX_FRAMES_PER_TURN,
    MAX_READS_PER_TURN,
    SessionSettings,
)
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.devices.llrp.values import Message
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.use_cases.ports import (
    ReaderEvent,
    ReaderEventKind,
    ReaderHealth,
    ReaderInfo,
    ReaderLost,
    ReaderRefused,
)

REPORT = MESSAGES["RO_ACCESS_REPORT"].type
KEEPALIVE = MESSAGES["KEEPALIVE"].type
NOTIFICATION = MESSAGES["READER_EVENT_NOTIFICATION"].type
_TYPE_BITS = 0x3FF
_GRACE = 0.25
"""A keepalive counts as missed when it is this part of its period late."""


class Session:
    """What passes between us and one reader over one connection.

    Bytes go in with ``receive``; ``work`` handles a bounded number of frames; ``take`` gives what
    came of it, ``outgoing`` what is to be sent. ``work`` raises ``ReaderBusy``, ``ReaderRefused``
    or ``ReaderLost`` when the session is over; once it is open, ``ReaderRefused`` is about an
    errand alone, and the session goes on. All times are monotonic but ``wall``'s.
    """

    def __init__(
        self, settings: SessionSettings, rospec_id: int, now: float, wall: Callable[[], float]
    ) -> None:
        self.clock = ReaderClock()
        self.reports = Reports(rospec_id, self.clock)
        self.voice = Voice()
        self.dialogue = Dialogue()
        self.opening = Opening(self.voice, settings, rospec_id)
        self.info: ReaderInfo | None = None
        self.malformed = 0
        """Frames that could not be read, and were passed over."""
        self.unexpected = 0
        """Answers that nobody waited for."""
        self._wall = wall
        self._framer = Framer()
        self._found: list[TagRead | ReaderEvent] = []
        self._outgoing = bytearray()
        self._last_byte = self._last_keepalive = self._frame_begun = now
        self._reported_drops = 0
        self._ended = False
        self.dialogue.start(self.opening.run(), now)

    @property
    def has_frames(self) -> bool:
        """Whether ``work`` has frames to handle without another byte."""
        return self._framer.has_frame

    @property
    def has_work(self) -> bool:
        """Whether ``work`` or ``take`` has something to give without another byte."""
        return self.has_frames or bool(self._found)

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes from the reader; none at all are no sign of life."""
        if not data:
            return
        if not self._framer.held:
            self._frame_begun = now
        self._last_byte = now
        self._framer.feed(data)

    def outgoing(self) -> bytes:
        """Return what is to be sent now, once."""
        for message in self.dialogue.outbox:
            self._outgoing += encode(message)
        self.dialogue.outbox.clear()
        sent = bytes(self._outgoing)
        self._outgoing.clear()
        return sent

    def take(self) -> list[TagRead | ReaderEvent]:
        """Return what came since the last call, and one event for all replays among it."""
        found, self._found = self._found, []
        return found

    def begin(self, procedure: Procedure[object], now: float) -> None:
        """Start a procedure beside the reports; ``dialogue`` tells when it is over."""
        self.dialogue.start(procedure, now)

    def due(self) -> float:
        """Return when ``work`` must be called at the latest, even without bytes."""
        ends = [self._last_byte + DEAD_SECONDS] if self.info is not None else []
        if self.dialogue.until is not None:
            ends.append(self.dialogue.until)
        if self._framer.held:
            ends.append(self._frame_begun + FRAME_SECONDS)
        return min(ends, default=self._last_byte + DEAD_SECONDS)

    def work(self, now: float) -> None:
        """Handle the frames that are there, up to the limits of one turn."""
        try:
            self._handle_frames(now)
        except DecodeError as error:
            if self.info is None:
                raise ReaderRefused(f"What answers is no LLRP reader: {error}") from error
            raise ReaderLost(f"The stream has lost its place: {error}") from error
        if self.reports.dropped > self._reported_drops:
            self.dialogue.keep_waiting(now)
        self._report_drops(now)
        self.dialogue.tick(now)
        self._finish_opening(now)
        self._check(now)

    def health(self, now: float) -> ReaderHealth:
        """Tell how the link is."""
        age = now - self._last_byte
        silence = (now - self._last_keepalive) / KEEPALIVE_SECONDS
        opened = self.info is not None and not self._ended
        return ReaderHealth(
            live=opened and self.reports.is_live(now) and age < DEAD_SECONDS,
            last_byte_age=age,
            missed_keepalives=max(0, int(silence - _GRACE)) if opened else 0,
            dropped_replays=self.reports.dropped,
            clock_offset=self.clock.offset if self.clock.in_step else None,
        )

    def _handle_frames(self, now: float) -> None:
        for _ in range(MAX_FRAMES_PER_TURN):
            frame = self._framer.pop()
            if frame is None:
                return
            self._frame_begun = now
            try:
                self._handle(frame, now)
            except DecodeError:
                self._pass_over(now)
            if len(self._found) >= MAX_READS_PER_TURN:
                return

    def _handle(self, frame: bytes, now: float) -> None:
        first, _, message_id = HEADER.unpack_from(frame)
        kind = first & _TYPE_BITS
        if kind == REPORT:
            self._handle_report(frame, now)
        elif kind == KEEPALIVE:
            self._last_keepalive = now
            version = self.voice.version
            self._outgoing += encode(Message("KEEPALIVE_ACK", id=message_id, version=version))
        elif kind == NOTIFICATION:
            self._handle_notification(decode(frame), now)
        else:
            self._handle_answer(decode(frame), now)

    def _handle_report(self, frame: bytes, now: float) -> None:
        found = []
        for read, sighting in self.reports.read(frame, now, self._wall()):
            found.append(read)
            if self.dialogue.busy and not read.replay:
                self.dialogue.offer(sighting, now)
        # Only a frame that can be read to its end counts.
        self._found += found

    def _handle_notification(self, message: Message, now: float) -> None:
        microseconds = events.timestamp(message)
        if microseconds is not None:
            self._measure_clock(microseconds, now)
        self._found += events.reader_events(message, self.reports.rospec_id, now)
        if self.dialogue.offer(message, now):
            return
        change = events.inventory_change(message, self.reports.rospec_id)
        if change == events.START:
            self.reports.start(now, announced=True)
        elif change == events.END or events.says_goodbye(message):
            # What the reader has forgotten is built anew; half a session is none.
            self.reports.stop()
            self._ended = True

    def _measure_clock(self, microseconds: int, now: float) -> None:
        was_wrong = self.clock.offset is not None and not self.clock.in_step
        self.clock.measure(microseconds, self._wall())
        if not self.clock.in_step and not was_wrong:
            detail = f"the reader's clock is {self.clock.offset or 0:+.0f} s from ours"
            self._tell(ReaderEventKind.OTHER, now, detail)

    def _handle_answer(self, message: Message, now: float) -> None:
        if self.dialogue.offer(message, now):
            return
        self.unexpected += 1
        if message.name == ERROR:
            detail = f"the reader reports {status_name(message)}"
            self._tell(ReaderEventKind.EXCEPTION, now, detail)

    def _finish_opening(self, now: float) -> None:
        if self.info is None and isinstance(self.dialogue.result, ReaderInfo):
            self.info = self.dialogue.result
            self._last_keepalive = now
            self.reports.start(now, announced=False)
            if not self.opening.tid_readable:
                self._tell(ReaderEventKind.OTHER, now, "the reader cannot read chips' numbers")

    def _check(self, now: float) -> None:
        if self._ended:
            raise ReaderLost("The reader ended the inventory")
        if self.info is not None and now - self._last_byte >= DEAD_SECONDS:
            raise ReaderLost(f"No byte from the reader for {DEAD_SECONDS:g} s")
        if (
            self._framer.held
            and now - self._frame_begun >= FRAME_SECONDS
            and not self._framer.has_frame
        ):
            raise ReaderLost("The reader began a message and did not end it")

    def _report_drops(self, now: float) -> None:
        dropped = self.reports.dropped - self._reported_drops
        if dropped:
            self._reported_drops = self.reports.dropped
            event = ReaderEvent(kind=ReaderEventKind.REPLAYED, arrived=now, count=dropped)
            self._found.append(event)

    def _pass_over(self, now: float) -> None:
        self.malformed += 1
        if self.info is None:
            return
        self._tell(ReaderEventKind.OTHER, now, "a message that cannot be read")

    def _tell(self, kind: ReaderEventKind, now: float, detail: str) -> None:
        self._found.append(ReaderEvent(kind=kind, arrived=now, detail=detail))
