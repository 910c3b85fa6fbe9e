"""A reader whose reports go out exactly when they are wanted, stamped just before they do.

What it says and how it is set up is the simulator's reader (``ReaderMachine``); the sockets are
ours, so that the stamp stands beside the ``send`` and no other thread can come between.
"""

import socket
import time

from benchmarks.lane.cards import Card
from benchmarks.lane.loop import Loop
from services.lane_gateway.devices.llrp.codec import encode
from services.lane_gateway.simulator.reader_answers import answer
from services.lane_gateway.simulator.reader_connection import Connection, Gone
from services.lane_gateway.simulator.reader_field import Field, Tag
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import Profile

SHORTEST_TICK = 0.001
"""Seconds between two looks of the machine at its clock."""


class LoadReader:
    """One reader with one client."""

    def __init__(self, loop: Loop, port: int) -> None:
        self._loop = loop
        self._field = Field()
        self._machine = ReaderMachine(Profile(), self._field, time.time)
        self._client: Connection | None = None
        loop.listen(port, self._take)
        self._tick()

    @property
    def reading(self) -> bool:
        """Tell whether the client's inventory runs."""
        return self._client is not None and self._machine.rospecs.active is not None

    def report(self, cards: tuple[Card, ...]) -> int:
        """See ``cards`` for the first time; return when their reports were handed to the kernel.

        The reader reports each card in a message of its own, as our sessions ask for; all leave in
        one ``send``, and the stamp (nanoseconds of the wall clock) is taken just before it. The
        cards stay in the field and are reported again at each round, until ``forget``.
        """
        self.place(cards)
        self._machine.look(time.monotonic())
        frames = b"".join(encode(message) for message in self._machine.drain())
        if self._client is None:
            raise ConnectionError("The agent has let go of its reader")
        sent = time.time_ns()
        if self._client.socket.send(frames) != len(frames):
            raise ConnectionError("The agent does not read what its reader sends")
        return sent

    def place(self, cards: tuple[Card, ...]) -> None:
        """Let ``cards`` be in the field from now on; the inventory's next round reports them."""
        for card in cards:
            self._field.place(Tag(epc=card.epc, tid=card.tid, rssi=-50.0))

    def forget(self) -> None:
        """Let all cards leave the field."""
        self._field.clear()

    def _take(self, connection: socket.socket) -> None:
        if self._client is not None:
            connection.close()
            return
        self._client = Connection(connection)
        self._loop.watch(connection, self._talk)
        self._machine.connect(time.monotonic())
        self._send()

    def _talk(self) -> None:
        if self._client is None:
            return
        try:
            for frame in self._client.frames():
                answer(self._machine, frame, time.monotonic())
            self._send()
        except Gone:
            self._lose()

    def _tick(self) -> None:
        self._machine.tick(time.monotonic())
        try:
            self._send()
        except Gone:
            self._lose()
        # A machine without a client has been due for long: it must not keep the loop to itself.
        self._loop.at(max(self._machine.due(), time.monotonic() + SHORTEST_TICK), self._tick)

    def _send(self) -> None:
        if self._client is None:
            return
        for message in self._machine.drain():
            self._client.queue(encode(message))
        self._client.flush()

    def _lose(self) -> None:
        if self._client is not None:
            self._loop.forget(self._client.socket)
            self._client = None
            self._machine.disconnect()
