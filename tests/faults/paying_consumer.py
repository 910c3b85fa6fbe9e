"""A consumer that dies between the commit of an effect and its acknowledgement.

``python -m tests.faults.paying_consumer DATABASE BROKER KEYS INBOX LIVES``: with ``LIVES`` 3 it
acknowledges two messages and kills itself instead of acknowledging the third; with 0 it lives until
the queue has been empty for a while. ``INBOX`` is ``with`` or ``without``: without, messages are
applied with no claim on their id, which nothing in the product does.
"""

import os
import signal
import sys
from pathlib import Path
from threading import Event
from uuid import UUID

from shared.clock import utc_now
from shared.crypto.keyring import FolderKeyRing
from shared.errors import Unavailable
from shared.messaging.broker import Broker, Delivery, LogReader, LogWriter, Publisher, Subscription
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.envelope import Envelope
from shared.messaging.letter_box import LetterBox
from shared.messaging.opening import open_broker
from shared.messaging.postponed import Postponed
from shared.persistence.engines import postgres_engine
from tests.integration.shared import ledger

QUEUE = "enrollment"
QUIET = 3.0
"""Seconds without a message after which the queue counts as empty: the broker gives back what a
dead consumer held within one."""


class MortalSubscription:
    """A subscription whose owner dies instead of acknowledging one of its messages."""

    def __init__(self, inner: Subscription, lives: int, stop: Event) -> None:
        self._inner = inner
        self._lives = lives
        self._stop = stop
        self._quiet = 0.0

    def receive(self, timeout: float) -> Delivery | None:
        delivery = self._inner.receive(timeout)
        self._quiet = 0.0 if delivery else self._quiet + timeout
        if self._quiet >= QUIET and not self._lives:
            self._stop.set()
        return delivery

    def acknowledge(self, delivery: Delivery) -> None:
        if self._lives == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        self._lives = max(self._lives - 1, 0)
        self._inner.acknowledge(delivery)

    def give_back(self, delivery: Delivery) -> None:
        self._inner.give_back(delivery)

    def close(self) -> None:
        self._inner.close()


class MortalBroker:
    """A broker whose subscriptions are mortal."""

    def __init__(self, inner: Broker, lives: int, stop: Event) -> None:
        self._inner = inner
        self._lives = lives
        self._stop = stop

    def publisher(self) -> Publisher:
        return self._inner.publisher()

    def subscription(self, queue: str, *, prefetch: int = 16) -> MortalSubscription:
        inner = self._inner.subscription(queue, prefetch=prefetch)
        return MortalSubscription(inner, self._lives, self._stop)

    def log_writer(self) -> LogWriter:
        return self._inner.log_writer()

    def log_reader(self, after_number: int) -> LogReader:
        return self._inner.log_reader(after_number)

    def close(self) -> None:
        self._inner.close()


def forgetful(begin: ledger.Transactions) -> Dispatcher:
    """Apply payments as the ledger does, but with the claim left out."""

    def on_paid(envelope: Envelope) -> None:
        with begin() as work:
            account = work.accounts.get(UUID(str(envelope.body["account_id"])))
            account.pay(int(str(envelope.body["amount"])))
            work.commit()

    handlers = {"vetting.paid.v1": on_paid}
    return Dispatcher(service="ledger", handlers=handlers, ignored=frozenset())


def main(database: str, broker_url: str, keys: str, *, inbox: bool, lives: int) -> None:
    """Consume until death or until nothing comes any more."""
    stop = Event()
    engine = postgres_engine(database)
    ring = FolderKeyRing(Path(keys))
    begin = ledger.transactions(engine, ring, utc_now)
    box = LetterBox(engine, ledger.mailboxes, ring, utc_now)
    broker = MortalBroker(open_broker(broker_url, production=False), lives, stop)
    consumer = Consumer(
        broker=broker,
        queue=QUEUE,
        dispatcher=ledger.dispatcher(begin) if inbox else forgetful(begin),
        postponed=Postponed(box),
        dead_letters=DeadLetters(box),
    )
    try:
        consumer.run(stop)
    except Unavailable as error:
        sys.exit(str(error))
    finally:
        broker.close()
        engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:4], inbox=sys.argv[4] == "with", lives=int(sys.argv[5]))
