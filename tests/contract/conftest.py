"""Both brokers, real ones, laid out for one module of tests."""

from collections.abc import Iterator

import pytest

from shared.messaging.broker import Broker
from tests.contract.places import Place, Queue, amqp_place, embedded_place

BROKERS = ["embedded", "amqp"]


@pytest.fixture(scope="module", params=BROKERS)
def place(request: pytest.FixtureRequest) -> Place:
    """The place of this module's tests, once for each broker."""
    if request.param == "embedded":
        place = embedded_place(request.getfixturevalue("module_database_url")("broker"))
    else:
        rabbitmq = request.getfixturevalue("rabbitmq")
        place = amqp_place(rabbitmq.new_vhost(request.module.__name__))
    place.new_site()
    return place


@pytest.fixture
def broker(place: Place) -> Iterator[Broker]:
    """A broker that is closed after the test."""
    broker = place.broker()
    yield broker
    broker.close()


@pytest.fixture
def queue(place: Place) -> Queue:
    """A queue of this test's own."""
    return Queue(site=place.new_site())
