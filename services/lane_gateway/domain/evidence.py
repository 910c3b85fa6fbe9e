"""What a lane's devices saw of a vehicle, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class TagRead:
    """One sighting of a card by the reader.

    ``epc`` is the card's number, opaque bytes of any length, also none. ``tid`` is the chip's own
    number, or ``None`` where it was not read with this sighting. ``first_seen`` is the reader's
    time, for the record alone; decisions use ``arrived``, the host's monotonic clock. ``rospec_id``
    names the inventory that made the report. A ``replay`` comes out of the reader's memory: it is
    recorded and opens nothing.
    """

    epc: bytes = field(repr=False)
    tid: bytes | None = field(default=None, repr=False)
    antenna: int | None = None
    rssi: float | None = None
    """Peak strength in dBm."""
    first_seen: datetime | None = None
    arrived: float
    rospec_id: int | None = None
    replay: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlateRead:
    """One reading of a plate by the camera; misreads are normal.

    ``region`` is the issuing state's short name as the camera gives it, ``confidence`` runs from 0
    to 1, ``taken_at`` is the camera's time, ``arrived`` the host's monotonic clock.
    """

    plate: str = field(repr=False)
    region: str
    confidence: float
    taken_at: datetime | None = None
    arrived: float


class ChipOutcome(StrEnum):
    """How a chip answered the challenge that the host made."""

    AUTHENTICATED = "authenticated"
    NO_ANSWER = "no_answer"
    """It is in the field and said nothing in time: weak power, or no such chip."""
    WRONG_ANSWER = "wrong_answer"
    """It said what its key cannot have said of this challenge: forged, or replayed."""
    ABSENT = "absent"
    """It was read before and is not there any more: killed, or gone."""
    NOT_ASKED = "not_asked"
    """The lane has no key for it, or its reader cannot challenge chips."""


class ChipReplyKind(StrEnum):
    """What became of a challenge on its way."""

    ANSWERED = "answered"
    SILENT = "silent"
    ABSENT = "absent"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChipReply:
    """What came back for a challenge, not judged yet; ``arrived`` is the host's monotonic clock."""

    epc: bytes = field(repr=False)
    kind: ChipReplyKind
    answer: bytes = field(default=b"", repr=False)
    arrived: float
