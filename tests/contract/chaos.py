"""A broker that shuffles, repeats and delays what it hands out, as the real ones may.

It wraps any other and touches the receiving side of queues alone; the log keeps its order by
contract. A seed gives the same draws, but what is there to
draw from also depends on time.
"""

import time
from dataclasses import dataclass
from itertools import count
from random import Random

from shared.messaging.broker import (
    Broker,
    Delivery,
    LogReader,
    LogWriter,
    Publisher,
    Subscription,
)

WINDOW = 8
"""Messages held at once, among which the next one is drawn; below the usual prefetch."""
REPEATED = 0.3
"""The share of messages that come a second time, before or after the first is acknowledged."""
DELAYED = 0.2
"""The share of messages that are kept back for a while."""
LONGEST_DELAY = 0.05
"""Seconds that a message is kept back at most."""
LOOK = 0.01
"""Seconds to wait for another message to choose from, and between looks at delayed ones."""


@dataclass(frozen=True, kw_only=True)
class Disorder:
    """How much of each; the probabilities are per message."""

    window: int = WINDOW
    repeated: float = REPEATED
    delayed: float = DELAYED
    longest_delay: float = LONGEST_DELAY


class ChaosBroker:
    """Any broker, with disorder on its queues."""

    def __init__(self, inner: Broker, *, seed: int, disorder: Disorder | None = None) -> None:
        self._inner = inner
        self._random = Random(seed)  # noqa: S311 - disorder, no secret
        self._disorder = disorder or Disorder()

    def publisher(self) -> Publisher:
        return self._inner.publisher()

    def subscription(self, queue: str, *, prefetch: int = 16) -> "ChaosSubscription":
        inner = self._inner.subscription(queue, prefetch=max(prefetch, self._disorder.window))
        own = Random(self._random.random())  # noqa: S311 - the same
        return ChaosSubscription(inner, own, self._disorder)

    def log_writer(self) -> LogWriter:
        return self._inner.log_writer()

    def log_reader(self, after_number: int) -> LogReader:
        return self._inner.log_reader(after_number)

    def close(self) -> None:
        self._inner.close()


@dataclass(kw_only=True)
class _Held:
    delivery: Delivery
    due: float


class ChaosSubscription:
    """Receives ahead and hands out what it has at random; a repeat has a tag below 0."""

    def __init__(
        self,
        inner: Subscription,
        random: Random,
        disorder: Disorder,
    ) -> None:
        self._inner = inner
        self._random = random
        self._disorder = disorder
        self._held: list[_Held] = []
        self._repeat_tags = count(-1, -1)

    def receive(self, timeout: float) -> Delivery | None:
        """Return any of the messages there, or ``None`` when there was none for ``timeout`` s."""
        deadline = time.monotonic() + timeout
        while True:
            self._fill()
            now = time.monotonic()
            ready = [held for held in self._held if held.due <= now]
            if ready:
                return self._hand_out(self._random.choice(ready))
            if now >= deadline and not self._held:
                return None
            time.sleep(LOOK)

    def acknowledge(self, delivery: Delivery) -> None:
        """Acknowledge the message itself; a repeat is settled already."""
        if delivery.tag >= 0:
            self._inner.acknowledge(delivery)

    def give_back(self, delivery: Delivery) -> None:
        """Give the message back, or have the repeat come once more."""
        if delivery.tag >= 0:
            self._inner.give_back(delivery)
        else:
            self._hold(delivery)

    def close(self) -> None:
        self._inner.close()

    def _fill(self) -> None:
        while len(self._held) < self._disorder.window:
            delivery = self._inner.receive(LOOK)
            if delivery is None:
                return
            self._hold(delivery)
            if self._random.random() < self._disorder.repeated:
                self._hold(Delivery(tag=next(self._repeat_tags), wire=delivery.wire))

    def _hold(self, delivery: Delivery) -> None:
        wait = 0.0
        if self._random.random() < self._disorder.delayed:
            wait = self._random.uniform(0, self._disorder.longest_delay)
        self._held.append(_Held(delivery=delivery, due=time.monotonic() + wait))

    def _hand_out(self, held: _Held) -> Delivery:
        self._held.remove(held)
        return held.delivery
