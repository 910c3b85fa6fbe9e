"""What both brokers promise of their queues."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.messaging.broker import Broker, Unroutable
from shared.messaging.topology import DELIVERY_LIMIT
from tests.contract.places import PATIENCE, QUIET, Place, Queue, drain, must, texts, wire

ROOT = Path(__file__).parents[2]
BIG = 8_000_000


def test_a_message_arrives_as_it_was_sent(broker: Broker, queue: Queue) -> None:
    sent = queue.wire("señal ✓")

    broker.publisher().publish(sent)
    delivery = must(broker.subscription(queue.name).receive(PATIENCE))

    assert delivery.wire == sent
    assert not delivery.redelivered


def test_a_confirmed_message_is_there_for_who_comes_later(place: Place, queue: Queue) -> None:
    first = place.broker()
    first.publisher().publish(queue.wire("kept"))
    first.close()

    second = place.broker()
    assert texts(drain(second.subscription(queue.name), PATIENCE / 10)) == ["kept"]
    second.close()


@pytest.mark.parametrize(
    ("routing_key", "takers"),
    [
        ("enrollment.application_submitted.v1", {"vetting"}),
        ("vetting.case_decided.v1", {"enrollment"}),
        ("lane_gateway.{site}.passage_recorded.v1", {"enrollment", "vetting"}),
        ("enrollment.person_erased.v1.{site}", {"site"}),
        ("vetting.checkpoint_signed.v1.{site}", {"site"}),
    ],
)
def test_a_message_reaches_who_shall_have_it_and_nobody_else(
    broker: Broker, queue: Queue, routing_key: str, takers: set[str]
) -> None:
    names = {"enrollment": "enrollment", "vetting": "vetting", "site": queue.name}
    ends = {taker: broker.subscription(name) for taker, name in names.items()}

    broker.publisher().publish(wire(routing_key.format(site=queue.site), "x"))

    assert {taker for taker, end in ends.items() if drain(end)} == takers


@pytest.mark.parametrize(
    "routing_key",
    ["enrollment.display_record_sent.v1.nowhere", "elsewhere.thing_done.v1", "enrollment"],
)
def test_a_message_that_no_queue_takes_is_an_error(
    broker: Broker, queue: Queue, routing_key: str
) -> None:
    publisher = broker.publisher()

    with pytest.raises(Unroutable, match=routing_key):
        publisher.publish(wire(routing_key))

    publisher.publish(queue.wire("next"))
    assert texts(drain(broker.subscription(queue.name))) == ["next"]


def test_an_unacknowledged_message_comes_again_after_close(broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire("again"))
    first = broker.subscription(queue.name)
    must(first.receive(PATIENCE))
    first.close()

    delivery = must(broker.subscription(queue.name).receive(PATIENCE))

    assert delivery.wire.body == b"again"
    assert delivery.redelivered


def test_what_a_killed_receiver_had_comes_again(place: Place, broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire("again"))
    program = [sys.executable, "-m", "tests.contract.killed_receiver", place.url, queue.name]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE) as receiver:
        assert receiver.stdout is not None
        assert receiver.stdout.readline() == b"again\n"
        subscription = broker.subscription(queue.name)
        assert subscription.receive(QUIET) is None
        receiver.kill()
        assert receiver.wait(PATIENCE) == -signal.SIGKILL

    assert must(subscription.receive(PATIENCE)).wire.body == b"again"


def test_an_acknowledged_message_never_comes_again(broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire())
    first = broker.subscription(queue.name)
    first.acknowledge(must(first.receive(PATIENCE)))
    first.close()

    assert broker.subscription(queue.name).receive(QUIET) is None


def test_a_queue_keeps_the_order_of_its_publisher(broker: Broker, queue: Queue) -> None:
    publisher = broker.publisher()
    sent = [str(number) for number in range(50)]

    for text in sent:
        publisher.publish(queue.wire(text))

    assert texts(drain(broker.subscription(queue.name))) == sent


def test_a_message_given_back_comes_again(broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire("again"))
    subscription = broker.subscription(queue.name)

    subscription.give_back(must(subscription.receive(PATIENCE)))
    delivery = must(subscription.receive(PATIENCE))

    assert delivery.redelivered
    subscription.acknowledge(delivery)
    assert subscription.receive(QUIET) is None


def test_a_message_given_back_for_ever_ends_among_the_dead_letters(
    broker: Broker, queue: Queue
) -> None:
    broker.publisher().publish(queue.wire("poison"))
    subscription = broker.subscription(queue.name)
    deliveries = 0
    while (delivery := subscription.receive(QUIET)) is not None:
        deliveries += 1
        subscription.give_back(delivery)

    assert deliveries == DELIVERY_LIMIT + 1
    assert must(broker.subscription(queue.dead).receive(PATIENCE)).wire.body == b"poison"


def test_two_receivers_share_a_queue(broker: Broker, queue: Queue) -> None:
    ends = [broker.subscription(queue.name, prefetch=1) for _ in range(2)]
    for end in ends:
        assert end.receive(QUIET) is None  # both are there before anything comes
    publisher = broker.publisher()
    for number in range(20):
        publisher.publish(queue.wire(str(number)))

    shares: list[list[str]] = [[], []]
    for _ in range(10):
        for end, share in zip(ends, shares, strict=True):
            delivery = must(end.receive(PATIENCE))
            share.append(delivery.wire.body.decode())
            end.acknowledge(delivery)

    assert sorted(int(text) for text in shares[0] + shares[1]) == list(range(20))
    assert len(shares[0]) == len(shares[1]) == 10


def test_several_messages_can_be_in_work_and_settled_in_any_order(
    broker: Broker, queue: Queue
) -> None:
    publisher = broker.publisher()
    for number in range(3):
        publisher.publish(queue.wire(str(number)))
    subscription = broker.subscription(queue.name)
    first, second, third = (must(subscription.receive(PATIENCE)) for _ in range(3))

    subscription.acknowledge(third)
    subscription.acknowledge(first)
    subscription.close()

    left = drain(broker.subscription(queue.name))
    assert texts(left) == [second.wire.body.decode()]


def test_a_big_body_arrives_whole(broker: Broker, queue: Queue) -> None:
    text = "0123456789abcdef" * (BIG // 16)
    broker.publisher().publish(queue.wire(text))

    assert texts(drain(broker.subscription(queue.name), PATIENCE / 5)) == [text]


def test_receive_waits_as_long_as_it_was_told(broker: Broker, queue: Queue) -> None:
    subscription = broker.subscription(queue.name)
    subscription.receive(QUIET)

    begun = time.monotonic()
    assert subscription.receive(QUIET) is None
    assert QUIET <= time.monotonic() - begun < QUIET + 1

    begun = time.monotonic()
    assert subscription.receive(0) is None
    assert time.monotonic() - begun < QUIET


def test_a_waiting_receiver_gets_a_message_at_once(broker: Broker, queue: Queue) -> None:
    subscription, publisher = broker.subscription(queue.name), broker.publisher()
    publisher.publish(queue.wire("warm"))
    subscription.acknowledge(must(subscription.receive(PATIENCE)))

    begun = time.monotonic()
    publisher.publish(queue.wire())
    subscription.acknowledge(must(subscription.receive(PATIENCE)))

    assert time.monotonic() - begun < 0.5, "it came with the poll, not with the notice"


def test_a_queue_that_nobody_declared_is_an_error(broker: Broker, queue: Queue) -> None:
    subscription = broker.subscription(f"{queue.name}nowhere")

    with pytest.raises(Unavailable):
        subscription.receive(1)


def test_settling_after_close_and_closing_twice_do_no_harm(broker: Broker, queue: Queue) -> None:
    publisher, subscription = broker.publisher(), broker.subscription(queue.name)
    publisher.publish(queue.wire("again"))
    delivery = must(subscription.receive(PATIENCE))

    subscription.close()
    subscription.close()
    subscription.acknowledge(delivery)
    subscription.give_back(delivery)
    publisher.close()
    publisher.close()

    assert texts(drain(broker.subscription(queue.name))) == ["again"]
