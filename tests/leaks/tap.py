"""A tap on the broker: every message of the exchange, and the log from its beginning."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.messaging.amqp import AmqpBroker, declare
from shared.messaging.broker import Wire
from shared.messaging.topology import EXCHANGE, STREAM, Binding, Topology
from tests.actors.browsing import until
from tests.leaks.places import Part

QUEUE = "tap"
EVERYTHING = "#"
LOOK = 0.3  # seconds one receive waits, and so how soon the tap notices that it is to end
QUIET = 1.5  # seconds without anything new, after which what was sent has arrived


@contextmanager
def tapping(url: str) -> Iterator["Tap"]:
    """Listen while the block runs."""
    tap = Tap(url)
    tap.open()
    try:
        yield tap
    finally:
        tap.close()


class Tap:
    """Collects what goes through a broker from the moment it is opened."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._broker = AmqpBroker(url, name=QUEUE)
        self._taken: list[Part] = []
        self._last = time.monotonic()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=follow, name=QUEUE, daemon=True)
            for follow in (self._follow_queue, self._follow_log)
        ]

    def open(self) -> None:
        """Bind the queue and begin to listen; exchange and log are there by then."""
        binding = Binding(queue=QUEUE, pattern=EVERYTHING)
        layout = Topology(
            exchange=EXCHANGE, queues=(QUEUE,), bindings=(binding,), stream=STREAM, sites=()
        )
        declare(self._url, layout)
        for thread in self._threads:
            thread.start()

    def settle(self) -> None:
        """Return once nothing new has come for a while."""
        self._last = time.monotonic()
        while time.monotonic() - self._last < QUIET:
            time.sleep(LOOK)

    def parts(self) -> Iterator[Part]:
        """Return everything so far: keys, headers and bodies."""
        yield from list(self._taken)

    def publish(self, wire: Wire) -> None:
        """Send a message through the same broker, and return once it was tapped."""
        before = self._count(wire.routing_key)
        publisher = self._broker.publisher()
        publisher.publish(wire)
        publisher.close()
        until(lambda: self._count(wire.routing_key) > before, "the message at the tap")

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._broker.close()

    def _follow_queue(self) -> None:
        subscription = self._broker.subscription(QUEUE)
        while not self._stop.is_set():
            delivery = subscription.receive(LOOK)
            if delivery is not None:
                wire = delivery.wire
                head = "\n".join([wire.routing_key, *map(": ".join, wire.headers.items())])
                self._take(wire.routing_key, head.encode() + b"\n\n" + wire.body)
                subscription.acknowledge(delivery)
        subscription.close()

    def _follow_log(self) -> None:
        reader = self._broker.log_reader(0)
        while not self._stop.is_set():
            entry = reader.read(LOOK)
            if entry is not None:
                self._take(f"{STREAM} {entry.number}", entry.data)
        reader.close()

    def _count(self, label: str) -> int:
        return sum(taken == label for taken, _ in list(self._taken))

    def _take(self, label: str, data: bytes) -> None:
        self._taken.append((label, data))
        self._last = time.monotonic()
