"""What the lane needs from its hardware and its stores.

The errors of devices belong to the tree of ``shared.errors``:

* Unavailable
  x ReaderBusy     the reader serves another client; back off, never hammer
  x ReaderRefused  the reader answered, but not as a reader of tags should
  x ReaderLost     the link to the reader is dead
  x IOLost         the gate's inputs and outputs cannot be reached or trusted
  x RecordLost     the lane's record did not take an entry durably
  x ListLost       the credential list cannot be read
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.lane_gateway.domain.commands import Command, DeskLane
from services.lane_gateway.domain.credentials import CardRecord
from services.lane_gateway.domain.events import Entry
from services.lane_gateway.domain.evidence import PlateRead, TagRead
from services.lane_gateway.domain.list_age import ListPosition
from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.domain.selection import SelectionStanding
from services.lane_gateway.domain.signals import LaneInputs, LaneOutputs
from shared.errors import Unavailable


class ReaderBusy(Unavailable):
    """The reader already serves a client."""

    code = "reader_busy"


class ReaderRefused(Unavailable):
    """The reader refused the session, or what answered is no reader."""

    code = "reader_refused"


class ReaderLost(Unavailable):
    """The link to the reader is dead; open a new session."""

    code = "reader_lost"


class IOLost(Unavailable):
    """The gate's module does not answer, or not in a way that can be trusted."""

    code = "io_lost"


class RecordLost(Unavailable):
    """The lane's record did not take what it was given; nothing may open on it."""

    code = "record_lost"


class ListLost(Unavailable):
    """The site's credential list cannot be read."""

    code = "list_lost"


class ReaderEventKind(StrEnum):
    """What a reader tells beside its reports."""

    INVENTORY_STARTED = "inventory_started"
    INVENTORY_ENDED = "inventory_ended"
    ANTENNA_CONNECTED = "antenna_connected"
    ANTENNA_LOST = "antenna_lost"
    INPUT_HIGH = "input_high"
    INPUT_LOW = "input_low"
    BUFFER_FILLING = "buffer_filling"
    BUFFER_OVERFLOW = "buffer_overflow"
    EXCEPTION = "exception"
    REPLAYED = "replayed"
    """Stale reports were dropped unread; ``count`` says how many."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderEvent:
    """Something the reader, or the session with it, noticed.

    ``port`` is the antenna's or input's number where there is one, ``detail`` a short text without
    a card's number, ``arrived`` the host's monotonic clock.
    """

    kind: ReaderEventKind
    arrived: float
    port: int | None = None
    count: int = 1
    detail: str = ""
    reader_time: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderInfo:
    """What the reader said of itself when the session opened."""

    vendor: int
    model: int
    firmware: str
    antennas: int
    protocol_version: int
    """1 for LLRP 1.0.1, 2 for 1.1."""
    has_utc_clock: bool
    rospec_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderHealth:
    """How the link is; times in seconds."""

    live: bool
    last_byte_age: float
    missed_keepalives: int = 0
    dropped_replays: int = 0
    clock_offset: float | None = None
    """Reader's clock minus the host's; ``None`` where it is not known to be in step."""


class Waitable(Protocol):
    """A device whose socket stands in the control thread's ``poll()``."""

    def fileno(self) -> int:
        """Return the socket to wait on, or -1 while there is none."""

    def pending(self) -> bool:
        """Tell whether ``poll(0)`` has work that no further byte on the socket will announce."""


class TagReader(Waitable, Protocol):
    """The reader of cards; one process owns its single session."""

    def open(self, deadline: float) -> ReaderInfo:
        """Open a session and start reading, all before ``deadline`` (monotonic).

        Raise ``ReaderBusy``, ``ReaderRefused`` or ``ReaderLost``.
        """

    def poll(self, timeout: float) -> Sequence[TagRead | ReaderEvent]:
        """Return what came, nothing after ``timeout`` seconds; raise ``ReaderLost``."""

    def read_tid(self, epc: bytes, words: int, timeout: float) -> bytes:
        """Read ``words`` 16-bit words of the chip's own number; raise ``ReaderLost``."""

    def set_gpo(self, port: int, high: bool) -> None:  # noqa: FBT001 - the level is the argument
        """Set an output of the reader; it keeps its level when we die, so lamps only."""

    def health(self) -> ReaderHealth:
        """Tell how the link is."""

    def close(self) -> None:
        """Let go of the session; safe to call twice."""


class PlateReader(Waitable, Protocol):
    """The plate camera; connects and reconnects by itself."""

    def poll(self, timeout: float) -> Sequence[PlateRead]:
        """Return what came, nothing after ``timeout`` seconds; a lost camera is no error."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IOInfo:
    """What the gate's module said when it was opened.

    ``watchdog`` is its setting in seconds, 0 where it would hold outputs for ever without us;
    ``outputs`` are the coils as they stand after opening, ``zeroed`` whether we put them to zero;
    ``has_counter`` whether an occupant counter is wired.
    """

    watchdog: float
    outputs: LaneOutputs
    zeroed: bool
    has_counter: bool = False


class LaneIO(Protocol):
    """The gate's inputs and outputs."""

    def open(self, deadline: float) -> IOInfo:
        """Connect before ``deadline`` (monotonic) and read the module's watchdog; or ``IOLost``."""

    def scan(self) -> LaneInputs:
        """Read all inputs in one go, or raise ``IOLost``."""

    def write(self, out: LaneOutputs, ttl: float) -> None:
        """Set the outputs and read them back; they lapse after ``ttl`` seconds; or ``IOLost``."""

    def heartbeat(self) -> None:
        """Toggle the register that the module's watchdog looks at; or ``IOLost``."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


class LaneRecord(Protocol):
    """The lane's own record, written by its agent alone."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Write all entries, and what others must learn of them, in one durable commit.

        Raise ``RecordLost`` where that cannot be done, also when it takes longer than the lane can
        wait: a locked file is a lost record.
        """

    def save_live(self, state: LiveState) -> None:
        """Keep the newest picture of the lane for whoever comes later; a lost one is no error."""

    def newest(self) -> datetime | None:
        """Return the time of the newest entry; or raise ``RecordLost``."""

    def unfinished(self) -> Sequence[UUID]:
        """Return the passages that an earlier run of the agent left open; or ``RecordLost``."""

    def last_command(self) -> int:
        """Return the highest command taken in so far, 0 without any; or raise ``RecordLost``."""

    def selection(self, *, now: datetime) -> SelectionStanding:
        """Return where the draws of an earlier run stand; or raise ``RecordLost``."""

    def tidy(self) -> None:
        """Do the upkeep that may take time; called only while no vehicle is in the lane."""

    def close(self) -> None:
        """Let go of the file; safe to call twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LookUp:
    """One look at the list: the cards that it knows by their EPC, and how far it has come."""

    position: ListPosition
    cards: Mapping[bytes, CardRecord]


class CardList(Protocol):
    """This site's copy of the credential list, read only."""

    def look_up(self, epcs: Collection[bytes]) -> LookUp:
        """Return what the list says of these numbers, and how far it has come; or ``ListLost``.

        Both come from one state of the list; called at every decision, so it is cheap.
        """

    def renew(self) -> None:
        """Change over to a newer generation, if there is one; called between two vehicles only."""

    def close(self) -> None:
        """Let go of the files; safe to call twice."""


class Desk(Protocol):
    """What officers have told this lane, read only."""

    def lane(self) -> DeskLane:
        """Return how the lane is staffed and set now."""

    def commands_after(self, command_id: int) -> Sequence[Command]:
        """Return the lane's commands with a higher number, in their order."""

    def newest_command(self) -> int:
        """Return the highest command number there is, 0 without any."""

    def close(self) -> None:
        """Let go of the file; safe to call twice."""


class LiveFeed(Protocol):
    """The way to whoever shows the lane."""

    def publish(self, state: LiveState) -> None:
        """Hand over the picture; never waits and never fails, nobody may be listening."""

    def close(self) -> None:
        """Let go of it; safe to call twice."""
