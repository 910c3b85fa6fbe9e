"""A simulated LLRP reader on a real socket, for tests, demos and clients that others wrote.

    with ReaderSimulator() as reader:
        reader.field.place(Tag(epc=..., tid=...))
        connect_to(reader.host, reader.port)

It serves one client; a second one is told so and turned away. The methods may be called from any
thread; the reader's own work is done in one thread, which ends with ``stop``.
"""

import ssl
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from services.lane_gateway.devices.llrp.values import Message, Parameter, parameter
from services.lane_gateway.simulator.reader_field import Field, Tag
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import Profile
from services.lane_gateway.simulator.reader_reports import ALL_CONTENT, Entry, tag_report
from services.lane_gateway.simulator.reader_server import ReaderServer


class ReaderSimulator:
    """One reader; ``port`` 0 takes a free one, known after ``start``."""

    def __init__(
        self,
        profile: Profile | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.host = host
        self.field = Field(self._field_changed)
        self.machine = ReaderMachine(profile or Profile(), self.field, wall)
        self._server = ReaderServer(self.machine, host, port, tls)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.port

    @property
    def is_connected(self) -> bool:
        """Whether a client is connected."""
        return self._server.client is not None

    def start(self) -> None:
        """Listen, and begin to work."""
        self._server.start()

    def stop(self) -> None:
        """Close everything and wait for the thread; safe to call twice."""
        self._server.stop()

    def freeze(self) -> None:
        """Hang: the connection stays, and nothing is read or sent any more."""
        self._server.frozen = True
        self._server.wake()

    def thaw(self) -> None:
        """Go on where ``freeze`` had stopped."""
        self._server.frozen = False

    def send_in_pieces(self, size: int | None) -> None:
        """Send in pieces of so many bytes from now on, or as it comes for ``None``."""
        self._server.chunk = size

    def drop(self) -> None:
        """Reset the connection; the inventory goes on and its reports are kept."""
        with self._server.lock:
            self._server.lose_client(reset=True)

    def power_off(self) -> None:
        """Lose power: the connection is reset, the port closed."""
        with self._server.lock:
            self._server.lose_client(reset=True)
            self._server.close_listener()

    def power_on(self) -> None:
        """Start again on the same port, with everything forgotten."""
        with self._server.lock:
            self.machine.restart(time.monotonic())
            self._server.listen()
        self._server.wake()

    def set_input(self, port: int, *, high: bool) -> None:
        """Change the level of an input, which may start or stop inventories."""
        with self._server.lock:
            self.machine.set_input(port, high=high, now=time.monotonic())
        self._server.wake()

    def output(self, port: int) -> bool:
        """Return the level of an output."""
        with self._server.lock:
            return self.machine.config.outputs[port]

    def set_antenna(self, port: int, *, connected: bool) -> None:
        """Connect an antenna, or take it off."""
        with self._server.lock:
            self.machine.set_antenna(port, connected=connected)
        self._server.wake()

    def mute(self, *, on: bool) -> None:
        """See no tags any more, while keepalives and all else go on."""
        with self._server.lock:
            self.machine.mute = on

    def refuse(self, *requests: str) -> None:
        """Refuse these requests from now on, such as ``ADD_ROSPEC``; without any, none."""
        with self._server.lock:
            self.machine.refused = set(requests)

    def announce(self, event: Parameter) -> None:
        """Send an event, such as a ``ReaderExceptionEvent``, if the client asked for such."""
        with self._server.lock:
            self.machine.announce(event)
        self._server.wake()

    def say(self, message: Message) -> None:
        """Send a message as it is, whatever it is."""
        with self._server.lock:
            self.machine.outbox.append(message)
        self._server.wake()

    def inject(self, data: bytes) -> None:
        """Send bytes as they are, be they an LLRP frame or not."""
        with self._server.lock:
            if self._server.client is not None:
                self._server.client.queue(data)
        self._server.wake()

    def keep_stale(self, tag: Tag, *, rospec_id: int, count: int, age: float = 240.0) -> None:
        """Fill the memory with old reports of a tag, to be replayed to the next client."""
        with self._server.lock:
            at = self.machine.microseconds() - round(age * 1_000_000)
            entry = Entry(tag, rospec_id, 0, max(0, at), max(0, at))
            report = tag_report(entry, ALL_CONTENT, self.machine.profile)
            for number in range(count):
                stale = Message("RO_ACCESS_REPORT", {}, [report], id=number + 1)
                self.machine.kept.append(stale)

    def _field_changed(self) -> None:
        with self._server.lock:
            self.machine.hurry(time.monotonic())
        self._server.wake()


def exception_event(text: str, antenna: int | None = None) -> Parameter:
    """Make the event of a reader that has trouble."""
    where = [] if antenna is None else [parameter("AntennaID", AntennaID=antenna)]
    return parameter("ReaderExceptionEvent", *where, Message=text)
