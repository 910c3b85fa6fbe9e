"""The four ends of the RabbitMQ broker over links that ``amqp.py`` opens; no pika in here."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from shared.messaging.broker import Delivery, LogEntry, Wire
from shared.messaging.handover import HandOver
from shared.messaging.line import Line, Link
from shared.messaging.topology import EXCHANGE, STREAM_EXCHANGE

NUMBER_HEADER = "number"
"""Where an entry of the log carries its number; the stream's own offset is another."""
TAG_BITS = 48
"""A tag is good for one link; the link's number stands above the broker's tag."""

Say = Callable[[Exception], str]


class SendingLink(Link, Protocol):
    """A link for publishing."""

    def send(self, exchange: str, key: str, body: bytes, headers: Mapping[str, str | int]) -> None:
        """Return after the confirm; raise what ``Publisher.publish`` raises."""


class StreamLink(Link, Protocol):
    """A link on which things arrive that wait for an acknowledgement."""

    def acknowledge(self, tag: int) -> None:
        """Tell the broker that it is done with, which makes room for another."""


class QueueLink(StreamLink, Protocol):
    """A link on which messages arrive that can be given back."""

    def give_back(self, tag: int) -> None:
        """Let the broker deliver it again."""


OnMessage = Callable[[int, Wire, bool], None]
"""Takes tag, message and whether it was delivered before."""
OnEntry = Callable[[int, LogEntry], None]
"""Takes tag and entry."""


class AmqpPublisher:
    """Sends messages to the exchange."""

    def __init__(self, open_link: Callable[[], SendingLink], said: Say) -> None:
        self._line = Line(lambda _: open_link(), said=said)
        self._line.start()

    def publish(self, wire: Wire) -> None:
        """Return after the confirm; raise ``Unavailable``, ``Unroutable`` or ``Refused``."""
        key, body, headers = wire.routing_key, wire.body, wire.headers
        self._line.call(lambda link: link.send(EXCHANGE, key, body, headers))

    def check(self) -> None:
        """Raise ``Unavailable`` unless the connection stands."""
        self._line.call(lambda link: link.process(0))

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        self._line.close()


class AmqpLogWriter:
    """Appends to the stream; readers drop what is repeated."""

    def __init__(self, open_link: Callable[[], SendingLink], said: Say) -> None:
        self._line = Line(lambda _: open_link(), said=said)
        self._line.start()

    def append(self, number: int, data: bytes) -> None:
        """Return after the confirm; or raise ``Unavailable`` or ``Refused``."""
        headers = {NUMBER_HEADER: number}
        self._line.call(lambda link: link.send(STREAM_EXCHANGE, "", data, headers))

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        self._line.close()


class AmqpSubscription:
    """Receives from one queue."""

    def __init__(self, open_link: Callable[[OnMessage], QueueLink], said: Say) -> None:
        self._inbox: HandOver[Delivery] = HandOver()

        def opened(generation: int) -> QueueLink:
            def arrived(tag: int, wire: Wire, redelivered: bool) -> None:  # noqa: FBT001 - the broker's flag
                marked = generation << TAG_BITS | tag
                self._inbox.put(Delivery(tag=marked, wire=wire, redelivered=redelivered))

            return open_link(arrived)

        self._line = Line(opened, said=said, lost=self._inbox.lost, restored=self._inbox.restored)
        self._line.start()

    def receive(self, timeout: float) -> Delivery | None:
        """Return the next message, ``None`` after ``timeout`` s, or raise ``Unavailable``."""
        deadline = time.monotonic() + timeout
        while True:
            delivery = self._inbox.take(deadline - time.monotonic())
            if delivery is None or delivery.tag >> TAG_BITS == self._line.generation:
                return delivery

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker; what an earlier link brought will come again anyway."""
        generation, tag = _marks(delivery)
        self._line.post(lambda link: link.acknowledge(tag), generation=generation)

    def give_back(self, delivery: Delivery) -> None:
        """Put the message back into the queue."""
        generation, tag = _marks(delivery)
        self._line.post(lambda link: link.give_back(tag), generation=generation)

    def close(self) -> None:
        """Give everything unacknowledged back; safe to call twice."""
        self._line.close()


class AmqpLogReader:
    """Reads the stream."""

    def __init__(self, open_link: Callable[[OnEntry], StreamLink], said: Say) -> None:
        self._inbox: HandOver[tuple[int, int, LogEntry]] = HandOver()

        def opened(generation: int) -> StreamLink:
            return open_link(lambda tag, entry: self._inbox.put((generation, tag, entry)))

        self._line = Line(opened, said=said, lost=self._inbox.lost, restored=self._inbox.restored)
        self._line.start()

    def read(self, timeout: float) -> LogEntry | None:
        """Return the next entry, ``None`` after ``timeout`` s, or raise ``Unavailable``."""
        arrival = self._inbox.take(timeout)
        if arrival is None:
            return None
        generation, tag, entry = arrival
        self._line.post(lambda link: link.acknowledge(tag), generation=generation)
        return entry

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
        self._line.close()


def _marks(delivery: Delivery) -> tuple[int, int]:
    return delivery.tag >> TAG_BITS, delivery.tag & ((1 << TAG_BITS) - 1)
