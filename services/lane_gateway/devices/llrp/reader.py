"""The port ``TagReader`` over LLRP: session, socket and clocks, in the caller's thread."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from services.lane_gateway.devices.llrp import errands
from services.lane_gateway.devices.llrp.chip_errand import Authenticate
from services.lane_gateway.devices.llrp.link import Link, connect
from services.lane_gateway.devices.llrp.session import Session
from services.lane_gateway.devices.llrp.settings import (
    ANSWER_SECONDS,
    CLOSE_SECONDS,
    ReaderAddress,
    SessionSettings,
)
from services.lane_gateway.domain.evidence import TagRead
from services.lane_gateway.use_cases.ports import (
    ReaderBusy,
    ReaderEvent,
    ReaderHealth,
    ReaderInfo,
    ReaderLost,
    ReaderRefused,
)
from shared.errors import NotFound

_ID_BITS = 31
Failure = ReaderBusy | ReaderRefused | ReaderLost


class ChipSilent(NotFound):
    """The chip asked for its own number did not answer in time."""

    code = "chip_silent"


def fresh_rospec_id() -> int:
    """Return an id that no earlier session had: a reader's queue must not match it by accident."""
    return secrets.randbits(_ID_BITS) or 1


class LlrpReader:
    """A reader of cards over LLRP; not for more than one thread.

    The lane's loop puts ``fileno`` into its own ``poll`` and calls ``poll(0)`` when it can be read,
    when ``pending`` says so, and at ``due`` at the latest.
    """

    def __init__(
        self,
        address: ReaderAddress,
        settings: SessionSettings | None = None,
        *,
        new_rospec_id: Callable[[], int] = fresh_rospec_id,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._address = address
        self._settings = settings or SessionSettings()
        self._new_rospec_id = new_rospec_id
        self._monotonic = monotonic
        self._wall = wall
        self._link: Link | None = None
        self._session: Session | None = None
        self._failure: Failure | None = None

    def open(self, deadline: float) -> ReaderInfo:
        """Connect, set the reader up and start reading, all before ``deadline`` (monotonic).

        Raise ``ReaderBusy``, ``ReaderRefused`` or ``ReaderLost``; ask ``RetryPolicy`` then.
        """
        self.close()
        self._failure = None
        self._link = connect(self._address, deadline)
        rospec_id = self._new_rospec_id()
        session = Session(self._settings, rospec_id, self._monotonic(), self._wall)
        self._session = session
        while session.info is None:
            left = deadline - self._monotonic()
            if left <= 0:
                self._fail(ReaderLost("The reader took too long to open a session"))
            self._turn(left)
        return session.info

    def poll(self, timeout: float) -> Sequence[TagRead | ReaderEvent]:
        """Return what came, nothing after ``timeout`` seconds; raise ``ReaderLost``.

        One call handles a bounded number of frames, so that a flood of replays holds up nobody.
        """
        session = self._open_session()
        until = self._monotonic() + timeout
        while True:
            try:
                self._turn(0.0 if self.pending() else until - self._monotonic())
            except ReaderLost as error:
                # What came before the end is not lost with it.
                found = session.take()
                if not found:
                    raise
                self._failure = error
                return found
            found = session.take()
            if found or self._monotonic() >= until:
                return found

    def read_tid(self, epc: bytes, words: int, timeout: float) -> bytes:
        """Read ``words`` 16-bit words of the chip's number; raise ``ChipSilent`` or ``ReaderLost``.

        Returns within ``timeout`` seconds in any case. Reads of other cards that come meanwhile are
        kept for ``poll``.
        """
        until = self._monotonic() + timeout
        session = self._ready_session(until)
        errand = errands.ReadTid(session.voice, session.reports.rospec_id, epc, words)
        session.begin(errand.run(timeout), self._monotonic())
        self._work_until(lambda: errand.data is not None or not session.dialogue.busy, until)
        if errand.data is None:
            raise ChipSilent("The chip did not answer in time")
        return errand.data

    def authenticate(self, epc: bytes, message: bytes, timeout: float) -> Authenticate | None:
        """Begin to send ``message`` to a chip, answered while ``poll`` goes on; experimental.

        Return ``None`` without a session, or while it is busy with another errand.
        """
        session = self._session
        if session is None or self._link is None or session.info is None or session.dialogue.busy:
            return None
        errand = Authenticate(session.voice, session.reports.rospec_id, epc, message)
        session.begin(errand.run(timeout), self._monotonic())
        return errand

    def set_gpo(self, port: int, high: bool) -> None:  # noqa: FBT001 - the level is the argument
        """Set an output; it keeps its level when we die, so lamps only, never a gate.

        Raise ``ReaderRefused`` if the reader has no such output, or ``ReaderLost``.
        """
        until = self._monotonic() + ANSWER_SECONDS
        session = self._ready_session(until)
        session.begin(errands.set_gpo(session.voice, port, high=high), self._monotonic())
        self._work_until(lambda: not session.dialogue.busy, until)

    def health(self) -> ReaderHealth:
        """Tell how the link is; without a session the age of the last byte is infinite."""
        if self._session is None:
            return ReaderHealth(live=False, last_byte_age=float("inf"))
        health = self._session.health(self._monotonic())
        return health if self._link is not None else replace(health, live=False)

    def fileno(self) -> int:
        """Return the socket to wait on, or -1 while there is none."""
        return -1 if self._link is None else self._link.fileno()

    def pending(self) -> bool:
        """Tell whether ``poll(0)`` has work that no further byte on the socket will announce."""
        if self._failure is not None:
            return True
        if self._session is None or self._link is None:
            return False
        unsent = bool(self._session.dialogue.outbox)
        return unsent or self._session.has_work or self._link.pending()

    def due(self) -> float:
        """Return when ``poll`` must be called at the latest (monotonic), to notice a dead link."""
        return float("inf") if self._session is None else self._session.due()

    def close(self) -> None:
        """Let go of the session, politely if the reader still listens; safe to call twice."""
        if self._link is not None and self._session is not None and self._session.info is not None:
            with suppress(ReaderLost, ReaderRefused, ReaderBusy):
                self._say_goodbye(self._session)
        self._drop()

    def _say_goodbye(self, session: Session) -> None:
        session.dialogue.cancel()
        farewell = errands.farewell(session.voice, session.reports.rospec_id)
        session.begin(farewell, self._monotonic())
        until = self._monotonic() + CLOSE_SECONDS
        while session.dialogue.busy and self._monotonic() < until:
            self._turn(until - self._monotonic())

    def _ready_session(self, until: float) -> Session:
        """Return the session once its last errand is done."""
        session = self._open_session()
        self._work_until(lambda: not session.dialogue.busy, until)
        if session.dialogue.busy:
            raise ChipSilent("The reader is still busy with the last errand")
        return session

    def _work_until(self, done: Callable[[], bool], until: float) -> None:
        """Talk to the reader until it is done or the time is over; the rest goes on in ``poll``."""
        while not done() and (left := until - self._monotonic()) > 0:
            self._turn(left)

    def _turn(self, seconds: float) -> None:
        """Wait for bytes at most so long, handle them, and send what there is to send."""
        link, session = self._link, self._session
        if link is None or session is None:
            raise ReaderLost("There is no session with the reader")
        try:
            self._send(link, session)
            # Nothing more is taken in before the frames that are there are done.
            if not session.has_frames and self._is_worth_a_look(link, session, seconds):
                session.receive(link.receive(), self._monotonic())
            session.work(self._monotonic())
            self._send(link, session)
        except ReaderRefused:
            # In a session that is open, an errand was refused and nothing else.
            if session.info is None:
                self._drop_link()
            raise
        except (ReaderBusy, ReaderLost):
            self._drop_link()
            raise

    def _is_worth_a_look(self, link: Link, session: Session, seconds: float) -> bool:
        """Wait until bytes may be there; who has no time looks at once, which costs the least."""
        if seconds <= 0 or link.pending():
            return True
        return link.wait(min(seconds, session.due() - self._monotonic()))

    def _send(self, link: Link, session: Session) -> None:
        data = session.outgoing()
        if data:
            link.send(data)

    def _open_session(self) -> Session:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if self._session is None or self._link is None:
            raise ReaderLost("There is no session with the reader")
        return self._session

    def _fail(self, error: Failure) -> None:
        self._drop_link()
        raise error

    def _drop_link(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None

    def _drop(self) -> None:
        self._drop_link()
        self._session = None
