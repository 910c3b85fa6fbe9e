"""Which brokers a start accepts."""

import pytest

from shared.messaging.amqp import AmqpBroker
from shared.messaging.embedded import EmbeddedBroker
from shared.messaging.opening import UnfitBroker, open_broker

GOOD = "amqps://vetting:x7Qm2-long-and-random@broker.example/trustlane"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("postgresql://u@/broker?host=/run", EmbeddedBroker),
        ("postgresql+psycopg://u@/broker?host=/run", EmbeddedBroker),
        ("amqp://guest:guest@localhost/", AmqpBroker),
        (GOOD, AmqpBroker),
    ],
)
def test_the_address_names_the_broker(url: str, kind: type) -> None:
    broker = open_broker(url, production=False)

    assert isinstance(broker, kind)
    broker.close()


@pytest.mark.parametrize("url", [GOOD, "amqp://vetting:x7Qm2@127.0.0.1/", "amqp://v:x7Q@[::1]/"])
def test_production_takes_rabbitmq_with_a_password_of_its_own(url: str) -> None:
    open_broker(url, production=True).close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://u:p@db/broker", "demo and tests"),
        ("postgresql+psycopg://u:p@db/broker", "demo and tests"),
        ("amqps://guest:guest@broker.example/", "password"),
        ("amqps://vetting:guest@broker.example/", "password"),
        ("amqps://vetting:gu%65st@broker.example/", "password"),
        ("amqps://vetting:vetting@broker.example/", "password"),
        ("amqps://vetting@broker.example/", "password"),
        ("amqps://broker.example/", "password"),
        ("amqp://vetting:x7Qm2@broker.example/", "amqps"),
        ("amqp://vetting:x7Qm2@10.0.0.5/", "amqps"),
    ],
)
def test_production_refuses_what_is_not_safe(url: str, why: str) -> None:
    with pytest.raises(UnfitBroker, match=why):
        open_broker(url, production=True)


@pytest.mark.parametrize("url", ["redis://:secret@host", "secret", ""])
def test_another_kind_of_address_is_an_error_that_does_not_quote_it(url: str) -> None:
    with pytest.raises(ValueError, match="no broker speaks") as caught:
        open_broker(url, production=False)

    assert "secret" not in str(caught.value)
