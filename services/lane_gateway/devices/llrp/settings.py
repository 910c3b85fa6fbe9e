"""How a session with a reader is set up, and every time limit with its reason."""

from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, kw_only=True)
class ReaderAddress:
    """Where a reader listens."""

    host: str
    port: int = PLAIN_PORT
    tls: TlsSettings | None = None
