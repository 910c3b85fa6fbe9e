"""What every service on PostgreSQL joins in the same way: mailboxes, broker, loops, readiness."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Lock

from sqlalchemy import Engine, text

from shared.clock import Clock
from shared.crypto.keyring import KeyRing
from shared.messaging.broker import Broker, Publisher
from shared.messaging.consumer import Consumer
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.dispatcher import Dispatcher
from shared.messaging.letter_box import LetterBox
from shared.messaging.postponed import Postponed
from shared.messaging.relay import Relay
from shared.messaging.sql_outbox import SqlOutbox, tidy_outbox
from shared.messaging.topology import dead_letter_queue
from shared.persistence.database_errors import named_errors
from shared.persistence.mailboxes import Mailboxes
from shared.process.worker import Loop, Timer

RETRY_EVERY = 0.5  # seconds: the shortest rest of a postponed message is twice that
TIDY_EVERY = 900.0  # seconds: what it removes is days old
KEEP_REQUEST_KEYS = timedelta(days=2)  # a client that repeats later than that asks anew


@dataclass(frozen=True, kw_only=True)
class Stores:
    """A service's database with its mailboxes and keys."""

    engine: Engine
    mailboxes: Mailboxes
    ring: KeyRing = field(repr=False)
    clock: Clock

    def box(self) -> LetterBox:
        """Return the mailboxes' transactions."""
        return LetterBox(self.engine, self.mailboxes, self.ring, self.clock)

    def dead_letters(self) -> DeadLetters:
        """Return the dead letters, for the command line and the admin's page."""
        return DeadLetters(self.box())

    def check_database(self) -> None:
        """Raise ``Unavailable`` unless the database answers."""
        with named_errors(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def tidy(self) -> None:
        """Remove what has served its time from outbox and request keys."""
        keys = self.mailboxes.idempotency
        with named_errors(), self.engine.begin() as connection:
            tidy_outbox(connection, self.mailboxes.outbox, self.clock)
            connection.execute(keys.delete().where(keys.c.at < self.clock() - KEEP_REQUEST_KEYS))


def message_loops(
    stores: Stores, *, broker: Broker, queue: str, source: str, dispatcher: Dispatcher
) -> Mapping[str, Loop]:
    """Return the loops of a worker that exchange messages: relay, consumer, retries, tidying."""
    box = stores.box()
    consumer = Consumer(
        broker=broker,
        queue=queue,
        dispatcher=dispatcher,
        postponed=Postponed(box),
        dead_letters=DeadLetters(box),
    )
    open_outbox = partial(SqlOutbox, stores.engine, stores.mailboxes.outbox, stores.clock)
    relay = Relay(broker=broker, open_outbox=open_outbox, source=source)
    return {
        "relay": relay.run,
        "consumer": consumer.run,
        "net": partial(consumer.run_net, dead_letter_queue(queue)),
        "retry": Timer(every=RETRY_EVERY, task=consumer.retry_due),
        "tidy": Timer(every=TIDY_EVERY, task=stores.tidy),
    }


def broker_check(broker: Broker) -> Callable[[], None]:
    """Return a readiness check that raises ``Unavailable`` unless the broker answers.

    It keeps one connection, opened at the first look: a web server forks before that.
    """
    lock = Lock()
    opened: list[Publisher] = []

    def check() -> None:
        with lock:
            if not opened:
                opened.append(broker.publisher())
            opened[0].check()

    return check
