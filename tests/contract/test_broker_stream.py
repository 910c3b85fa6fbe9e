"""What becomes of a log reader when the stream behind it is made anew: RabbitMQ alone."""

from collections.abc import Iterator

import pytest

from deploy.local.rabbitmq import RabbitServer
from shared.messaging.broker import Broker, LogReader
from shared.messaging.topology import STREAM
from tests.contract.places import HEAD_SECONDS, PATIENCE, Place, amqp_place, must_read

VHOST = "anew"
BEFORE = 5


@pytest.fixture(scope="module")
def stream_place(rabbitmq: RabbitServer) -> Place:
    return amqp_place(rabbitmq.new_vhost(VHOST))


@pytest.fixture
def stream_broker(stream_place: Place) -> Iterator[Broker]:
    stream_place.new_site()
    broker = stream_place.broker()
    yield broker
    broker.close()


@pytest.fixture
def reader(stream_broker: Broker) -> LogReader:
    """A reader that has had entries 1 to 5."""
    writer = stream_broker.log_writer()
    for number in range(1, BEFORE + 1):
        writer.append(number, b"x")
    reader = stream_broker.log_reader(0)
    assert numbers(reader, BEFORE) == list(range(1, BEFORE + 1))
    return reader


def numbers(reader: LogReader, amount: int) -> list[int]:
    found: list[int] = []
    while len(found) < amount:
        found.append(must_read(reader.read(PATIENCE)).number)
    return found


@pytest.mark.parametrize("behind", [1, 3 * BEFORE])
def test_a_reader_finds_its_place_in_a_stream_made_anew(
    rabbitmq: RabbitServer,
    stream_place: Place,
    stream_broker: Broker,
    reader: LogReader,
    behind: int,
) -> None:
    """Its offset lies beyond the new end, or in the midst of entries that it has not had."""
    assert HEAD_SECONDS < PATIENCE
    rabbitmq.ctl("delete_queue", "--vhost", VHOST, STREAM)
    stream_place.new_site()  # which declares the stream again
    writer = stream_broker.log_writer()
    expected = [BEFORE + step for step in range(1, behind + 1)]
    for number in expected:
        writer.append(number, b"x")

    assert numbers(reader, behind) == expected
    rabbitmq.ctl("delete_queue", "--vhost", VHOST, STREAM)
