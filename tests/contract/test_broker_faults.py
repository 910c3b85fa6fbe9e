"""What both brokers keep when they are killed, and how their ends come back."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import TypeVar

import pytest

from deploy.local.children import alive
from deploy.local.postgres import PostgresServer
from deploy.local.rabbitmq import RabbitServer
from shared.errors import Unavailable
from shared.messaging.broker import Broker, Delivery, Publisher, Subscription
from tests.contract.places import (
    QUIET,
    Place,
    Queue,
    Server,
    amqp_place,
    embedded_place,
    must,
    must_read,
    texts,
)

BACK = 60.0
"""Seconds for a killed server to come back on a loaded machine, and for the ends to notice."""
SETTLED = 3.0
"""Seconds: RabbitMQ loses a stream that is not older than about one when it is killed."""
CLOSED_SOON = 5.0
MESSAGES = 60

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Mortal:
    """A broker on a server that may be killed."""

    server: Server
    place: Place

    def kill(self) -> None:
        pid = self.server.pid
        assert pid is not None, "it did not run"
        self.server.kill9()
        assert not alive(pid), "it survived"


@pytest.fixture(scope="module", params=["embedded", "amqp"])
def mortal(request: pytest.FixtureRequest, server_folder: Path) -> Iterator[Mortal]:
    folder = Path(mkdtemp(dir=server_folder, prefix="m"))
    folder.chmod(0o711)
    if request.param == "embedded":
        postgres = PostgresServer(folder / "server")
        postgres.start()
        yield Mortal(server=postgres, place=embedded_place(postgres.url()))
        postgres.stop()
    else:
        rabbitmq = RabbitServer(folder / "server")
        rabbitmq.start()
        place = amqp_place(rabbitmq.url)
        place.new_site()
        time.sleep(SETTLED)
        yield Mortal(server=rabbitmq, place=place)
        rabbitmq.stop()


@pytest.fixture
def mortal_broker(mortal: Mortal) -> Iterator[Broker]:
    broker = mortal.place.broker()
    yield broker
    broker.close()


def assert_unavailable(work: Callable[[], object]) -> None:
    with suppress(Unavailable):
        work()  # what came before the death may still be handed out
    with pytest.raises(Unavailable):
        work()


def once_back(work: Callable[[], T]) -> T:
    """Do ``work`` as soon as it no longer raises ``Unavailable``."""
    deadline = time.monotonic() + BACK
    while time.monotonic() < deadline:
        with suppress(Unavailable):
            return work()
        time.sleep(0.05)
    return work()


def received(subscription: Subscription, amount: int) -> list[Delivery]:
    """Take ``amount`` messages and what comes right after them, through losses."""
    taken: list[Delivery] = []
    deadline = time.monotonic() + BACK
    while time.monotonic() < deadline:
        with suppress(Unavailable):
            delivery = subscription.receive(QUIET)
            if delivery is None and len(taken) >= amount:
                break
            if delivery is not None:
                subscription.acknowledge(delivery)
                taken.append(delivery)
    return taken


def test_every_end_says_so_and_comes_back(mortal: Mortal, mortal_broker: Broker) -> None:
    queue = Queue(site=mortal.place.new_site())
    publisher, subscription = mortal_broker.publisher(), mortal_broker.subscription(queue.name)
    writer, reader = mortal_broker.log_writer(), mortal_broker.log_reader(0)
    for text in ("held", "waiting"):
        publisher.publish(queue.wire(text))
    writer.append(1, b"first")
    publisher.check()
    held = must(subscription.receive(BACK))
    assert must_read(reader.read(BACK)).number == 1

    mortal.kill()
    assert_unavailable(lambda: publisher.publish(queue.wire("lost")))
    with pytest.raises(Unavailable):
        publisher.check()
    assert_unavailable(lambda: subscription.receive(QUIET))
    assert_unavailable(lambda: writer.append(2, b"lost"))
    assert_unavailable(lambda: reader.read(QUIET))
    subscription.acknowledge(held)  # no error, and no effect

    mortal.server.start()
    once_back(publisher.check)
    once_back(lambda: publisher.publish(queue.wire("later")))
    once_back(lambda: writer.append(2, b"second"))
    entry = must_read(once_back(lambda: must_read(reader.read(BACK))))
    assert (entry.number, entry.data) == (2, b"second")
    assert set(texts(received(subscription, 3))) >= {"held", "waiting", "later"}


def test_what_was_confirmed_survives_a_kill(mortal: Mortal, mortal_broker: Broker) -> None:
    queue = Queue(site=mortal.place.new_site())
    publisher = mortal_broker.publisher()
    confirmed: list[str] = []
    sender = Thread(target=send_all, args=(publisher, queue, confirmed))
    sender.start()
    while len(confirmed) < MESSAGES // 2:
        time.sleep(0.001)
    mortal.kill()
    mortal.server.start()
    sender.join(BACK)

    assert confirmed == [str(number) for number in range(MESSAGES)]
    arrived = texts(received(mortal_broker.subscription(queue.name), MESSAGES))
    assert set(arrived) == set(confirmed)


def send_all(publisher: Publisher, queue: Queue, confirmed: list[str]) -> None:
    for number in range(MESSAGES):
        once_back(lambda text=str(number): publisher.publish(queue.wire(text)))  # type: ignore[misc]
        confirmed.append(str(number))


def test_ends_close_and_open_while_the_broker_is_down(mortal: Mortal) -> None:
    queue = Queue(site=mortal.place.new_site())
    old, new = mortal.place.broker(), mortal.place.broker()
    old.publisher().publish(queue.wire("before"))
    must(old.subscription(queue.name).receive(BACK))
    old.log_reader(0)

    mortal.kill()
    begun = time.monotonic()
    old.close()
    assert time.monotonic() - begun < CLOSED_SOON
    publisher, subscription = new.publisher(), new.subscription(queue.name)
    with pytest.raises(Unavailable):
        publisher.publish(queue.wire("too early"))

    mortal.server.start()
    once_back(lambda: publisher.publish(queue.wire("after")))
    assert set(texts(received(subscription, 2))) == {"before", "after"}
    new.close()
