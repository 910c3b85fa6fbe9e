"""Where the broker tests run: the same questions to PostgreSQL and to RabbitMQ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol
from uuid import uuid4

from shared.messaging.amqp import AmqpBroker, declare
from shared.messaging.broker import Broker, Delivery, LogEntry, Subscription, Wire
from shared.messaging.embedded import EmbeddedBroker, install
from shared.messaging.topology import Topology, dead_letter_queue, site_queue, topology

PATIENCE = 15.0
"""Seconds for what must come; a loaded machine restarts a broker meanwhile."""
QUIET = 0.3
"""Seconds in which what must not come would have come."""
HEAD_SECONDS = 1.0


class Server(Protocol):
    """What a fault test needs of a server."""

    @property
    def pid(self) -> int | None: ...
    def start(self) -> None: ...
    def kill9(self) -> None: ...


@dataclass(kw_only=True)
class Place:
    """A broker's address, and how to lay it out and open it."""

    url: str
    lay_out: Callable[[str, Topology], None]
    open: Callable[[str], Broker]
    _sites: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1000, 1000))

    def broker(self) -> Broker:
        return self.open(self.url)

    def new_site(self) -> str:
        """Add a site of the test's own, whose queue is empty."""
        self._sites.append(f"s{len(self._sites):04}")
        self.lay_out(self.url, topology(self._sites))
        return self._sites[-1]

    def new_number(self) -> int:
        """Return a number of the log that stands far above all earlier ones."""
        return next(self._numbers)


def embedded_place(url: str) -> Place:
    return Place(url=url, lay_out=install, open=EmbeddedBroker)


def amqp_place(url: str) -> Place:
    def opened(url: str) -> Broker:
        return AmqpBroker(url, name="tests", head_seconds=HEAD_SECONDS)

    return Place(url=url, lay_out=declare, open=opened)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue that only one test uses."""

    site: str

    @property
    def name(self) -> str:
        return site_queue(self.site)

    @property
    def dead(self) -> str:
        return dead_letter_queue(self.name)

    def wire(self, text: str = "") -> Wire:
        return wire(f"enrollment.display_record_sent.v1.{self.site}", text)


def wire(routing_key: str, text: str = "") -> Wire:
    return Wire(routing_key=routing_key, headers={"ce-id": str(uuid4())}, body=text.encode())


def drain(subscription: Subscription, wait: float = QUIET) -> list[Delivery]:
    """Take and acknowledge what comes until nothing comes for ``wait`` seconds."""
    taken = []
    while (delivery := subscription.receive(wait)) is not None:
        subscription.acknowledge(delivery)
        taken.append(delivery)
    return taken


def must(delivery: Delivery | None) -> Delivery:
    assert delivery is not None, "no message came in time"
    return delivery


def must_read(entry: LogEntry | None) -> LogEntry:
    assert entry is not None, "no entry came in time"
    return entry


def texts(deliveries: list[Delivery]) -> list[str]:
    return [delivery.wire.body.decode() for delivery in deliveries]
