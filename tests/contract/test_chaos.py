"""The disorderly broker is disorderly, and loses nothing."""

import pytest

from shared.messaging.broker import Broker
from tests.contract.chaos import ChaosBroker, Disorder
from tests.contract.places import PATIENCE, QUIET, Queue, drain, must, texts

MESSAGES = 60


@pytest.fixture
def sent(broker: Broker, queue: Queue) -> list[str]:
    publisher = broker.publisher()
    names = [f"{number:02}" for number in range(MESSAGES)]
    for name in names:
        publisher.publish(queue.wire(name))
    return names


def test_everything_comes_shuffled_and_some_of_it_twice(
    broker: Broker, queue: Queue, sent: list[str]
) -> None:
    subscription = ChaosBroker(broker, seed=7).subscription(queue.name)

    came = texts(drain(subscription))

    assert sorted(set(came)) == sent
    assert MESSAGES < len(came) < 2 * MESSAGES
    firsts = sorted(sent, key=came.index)
    assert firsts != sent


def test_what_was_handed_out_twice_is_settled_once(
    broker: Broker, queue: Queue, sent: list[str]
) -> None:
    everything_twice = Disorder(repeated=1)
    subscription = ChaosBroker(broker, seed=7, disorder=everything_twice).subscription(queue.name)

    came = texts(drain(subscription))
    subscription.close()

    assert sorted(came) == sorted(sent + sent)
    assert broker.subscription(queue.name).receive(QUIET) is None


def test_what_was_not_acknowledged_comes_again(broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire("again"))
    chaos = ChaosBroker(broker, seed=7, disorder=Disorder(repeated=0))
    subscription = chaos.subscription(queue.name)
    must(subscription.receive(PATIENCE))
    subscription.close()

    assert texts(drain(broker.subscription(queue.name))) == ["again"]


def test_what_is_given_back_comes_again(broker: Broker, queue: Queue) -> None:
    broker.publisher().publish(queue.wire("again"))
    chaos = ChaosBroker(broker, seed=7, disorder=Disorder(repeated=1))
    subscription = chaos.subscription(queue.name)
    for _ in range(4):
        subscription.give_back(must(subscription.receive(PATIENCE)))

    assert set(texts(drain(subscription))) == {"again"}
