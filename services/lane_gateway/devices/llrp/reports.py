"""Tells fresh reports from replays, the stale ones by a glance at their bytes.

After an outage readers send what they queued, up to 66,000 reports, among them cards of minutes
ago. A report is fresh if it names the inventory of this session, which no earlier one had, and
comes after the reader announced that inventory's start. A reader that cannot name the inventory in
its reports, or announce the start, is not believed for the first seconds.
"""

from collections.abc import Iterator

from services.lane_gateway.devices.llrp.clock import ReaderClock
from services.lane_gateway.devices.llrp.messages import HEADER_BYTES, decode
from services.lane_gateway.devices.llrp.requests import TID_OPERATION
from services.lane_gateway.devices.llrp.settings import START_EVENT_SECONDS
from services.lane_gateway.devices.llrp.tables import PARAMETERS, TV_LIMIT
from services.lane_gateway.devices.llrp.tags import MemoryRead, Sighting, reader_time, sighting
from services.lane_gateway.domain.evidence import TagRead

_ID_MARK = bytes([TV_LIMIT + PARAMETERS["ROSpecID"].type])
_EPC_96_MARK = TV_LIMIT + PARAMETERS["EPC_96"].type
_EPC_AT = HEADER_BYTES + 4
_EPC_96_END = _EPC_AT + 13
TAG_REPORT = "TagReportData"


class Reports:
    """The reports of one session."""

    def __init__(self, rospec_id: int, clock: ReaderClock) -> None:
        self.rospec_id = rospec_id
        self.dropped = 0
        """Replays of this session so far."""
        self.seen = 0
        """Reports that were fresh."""
        self._clock = clock
        self._mine = _ID_MARK + rospec_id.to_bytes(4)
        self._started = False
        self._quiet_until: float | None = None

    def start(self, now: float, *, announced: bool) -> None:
        """Begin to believe reports: the start was announced, or at least granted.

        A start that was only granted is believed once the reader had time to get rid of the rest.
        """
        if announced:
            self._started = True
        if self._quiet_until is None:
            self._quiet_until = now + START_EVENT_SECONDS

    def stop(self) -> None:
        """Believe nothing more."""
        self._started, self._quiet_until = False, None

    def is_live(self, now: float) -> bool:
        """Whether a card in the field would be seen and believed."""
        return self._started or self._is_over(now)

    def read(self, frame: bytes, now: float, wall: float) -> Iterator[tuple[TagRead, Sighting]]:
        """Yield the reads of one frame; the stale ones are counted, or marked where they cost it.

        Raise ``DecodeError`` if the frame is fresh and cannot be read.
        """
        if not self.is_live(now) or self._is_stale(frame):
            self.dropped += 1
            return
        for report in decode(frame).parameters:
            if report.name != TAG_REPORT:
                continue
            seen = sighting(report)
            if seen.rospec_id is None and not self._is_over(now):
                self.dropped += 1
                continue
            yield self._tag_read(seen, now, wall), seen

    def _is_stale(self, frame: bytes) -> bool:
        """Tell by a glance that a frame has no report of this session's inventory."""
        if self._mine in frame:
            return False
        end = _EPC_96_END
        if len(frame) > end and frame[_EPC_AT] != _EPC_96_MARK:
            end = _EPC_AT + int.from_bytes(frame[_EPC_AT + 2 : _EPC_AT + 4])
        return frame.startswith(_ID_MARK, end)

    def _tag_read(self, seen: Sighting, now: float, wall: float) -> TagRead:
        named = seen.rospec_id is None or seen.rospec_id == self.rospec_id
        replay = not named or self._clock.is_stale(seen.last_seen, wall)
        if replay:
            self.dropped += 1
        else:
            self.seen += 1
        return TagRead(
            epc=seen.epc,
            tid=_tid(seen.reads) if seen.reads else None,
            antenna=seen.antenna,
            rssi=None if seen.rssi is None else float(seen.rssi),
            first_seen=reader_time(seen.first_seen),
            arrived=now,
            rospec_id=seen.rospec_id,
            replay=replay,
        )

    def _is_over(self, now: float) -> bool:
        return self._quiet_until is not None and now >= self._quiet_until


def _tid(reads: tuple[MemoryRead, ...]) -> bytes | None:
    return next(
        (read.data for read in reads if read.operation == TID_OPERATION and is_whole(read)), None
    )


def is_whole(read: MemoryRead) -> bool:
    """Whether a read of the chip's own number succeeded."""
    return read.result == 0 and bool(read.data)
