"""How a session with a reader is set up, and every time limit with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PLAIN_PORT = 5084
TLS_PORT = 5085

CONNECT_SECONDS = 1.0
"""A reader on the lane's own switch answers within milliseconds; what takes longer is unplugged."""
TLS_SECONDS = 2.0
"""Readers' processors need up to a second for a handshake with RSA."""
CONNECTION_EVENT_SECONDS = 5.0
"""The design's limit; a reader that has just started is slow to say that it accepts us."""
VERSION_SECONDS = 0.5
"""A reader of 1.0.1 may pass over the question for its version in silence; do not wait long."""
ANSWER_SECONDS = 2.0
"""Readers answer within 50 ms, but write a new configuration to flash before they do."""
START_EVENT_SECONDS = 2.0
"""A reader that cannot announce the start of its inventory, or name it in its reports, gets rid of
its old reports within this time; all of them are dropped."""
KEEPALIVE_SECONDS = 1.0
"""The bar is a dead link seen within 3.5 s, which is three of these and some."""
MISSED_KEEPALIVES = 3
"""One may be lost to a busy reader and a second to its neighbour; three are a dead link."""
DEAD_SECONDS = KEEPALIVE_SECONDS * MISSED_KEEPALIVES
FRAME_SECONDS = 10.0
"""The longest report on the slowest line takes 4 s; a frame that never ends is no reader."""
SEND_SECONDS = 1.0
"""Our messages fit into any socket buffer; a peer that takes none of them for so long is frozen."""
CLOSE_SECONDS = 0.3
"""A farewell is a courtesy that lets the reader serve the next client at once."""

MAX_FRAMES_PER_TURN = 512
"""Frames looked at in one turn of the loop: 2 ms of stale ones, so that a flood holds up nobody."""
MAX_READS_PER_TURN = 256
"""Reads handed over in one turn of the loop, a few milliseconds of decoding."""

IN_STEP_SECONDS = 2.0
"""A reader's clock this close to ours is good enough to judge the age of a report."""
MAX_REPORT_AGE_SECONDS = 5.0
"""A report older than this, by a clock in step, tells of a car that has gone."""

TID_WORDS = 6
"""96 bits: class, vendor, model and a serial number of 48 bits."""
ALL_ANTENNAS = 0
IMPINJ = 25882
"""The vendor number of Impinj, whose readers close a link that nobody acknowledges."""


@dataclass(frozen=True, kw_only=True)
class TlsSettings:
    """Which authority vouches for the reader, and the name that its certificate must bear."""

    authority: Path
    server_name: str


@dataclass(frozen=True, kw_only=True)
class SessionSettings:
    """What a session asks of its reader."""

    antennas: tuple[int, ...] = (ALL_ANTENNAS,)
    tid_words: int = TID_WORDS
    agree_on_version: bool = True
    """Off for readers that break off when they are asked."""
    power_dbm: float | None = None
    """The most that an antenna may send; ``None`` leaves it to the reader."""
    session: int | None = None
    """Gen2's session: in S0 a card answers in every round as long as it is in the field."""
    tags: int | None = None
    """Cards expected in the field at once."""

    def changed(self, **values: Any) -> "SessionSettings":
        """Return these settings with others for what is named."""
        return replace(self, **values)


PROFILES: Mapping[str, SessionSettings] = {
    "standard": SessionSettings(),
    "impinj": SessionSettings(session=0, tags=8),
    "zebra": SessionSettings(session=0, tags=8),
    "silent-1.0.1": SessionSettings(agree_on_version=False),
}
"""What kinds of readers are asked for, by name.

Readers of the two makers come set up for warehouses, where a card answers once in a while; in a
lane it has to answer in every round, and there are few. What else they do in their own way shows
by itself when the session opens: Impinj's extensions by the vendor's number, a reader that cannot
hold its events by what it says it can.
"""


@dataclass(frozen=True, kw_only=True)
class ReaderAddress:
    """Where a reader listens."""

    host: str
    port: int = PLAIN_PORT
    tls: TlsSettings | None = None
